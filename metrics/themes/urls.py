from django.urls import path

from metrics.themes import views

app_name = "themes"
urlpatterns = [path("departments/<slug:slug>/themes/", views.themes, name="themes")]
