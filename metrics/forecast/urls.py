from django.urls import path

from metrics.forecast import views

app_name = "forecast"
urlpatterns = [path("departments/<slug:slug>/outlook/", views.outlook, name="outlook")]
