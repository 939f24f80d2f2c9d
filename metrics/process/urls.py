from django.urls import path

from metrics.process import views

app_name = "process"
urlpatterns = [path("departments/<slug:slug>/process/", views.process, name="department")]
