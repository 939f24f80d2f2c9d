from django.urls import path

from servicedesk.look import views

app_name = "look"
urlpatterns = [
    path("favicon.ico", views.mark, name="mark"),
    path("look/theme/", views.set_theme, name="theme"),
]
