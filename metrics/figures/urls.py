from django.urls import path

from metrics.figures import views

app_name = "figures"
urlpatterns = [path("departments/<slug:slug>/figures/", views.figures, name="department")]
