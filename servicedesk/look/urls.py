from django.urls import path

from servicedesk.look import views

app_name = "look"
urlpatterns = [path("look/theme/", views.set_theme, name="theme")]
