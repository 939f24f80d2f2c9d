from django.urls import path

from metrics.exports import views

app_name = "exports"
urlpatterns = [
    path("exports/", views.exports, name="list"),
    path("exports/<row:pk>/content/", views.content, name="content"),
]
