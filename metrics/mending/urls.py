from django.urls import path

from metrics.mending import views

app_name = "mending"
urlpatterns = [path("departments/<slug:slug>/recurrence/", views.recurrence, name="recurrence")]
