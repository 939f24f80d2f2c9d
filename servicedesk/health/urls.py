from django.urls import path

from servicedesk.health import views

app_name = "health"
urlpatterns = [
    path("live", views.live, name="live"),
    path("ready", views.ready, name="ready"),
    path("", views.detail, name="detail"),
    path("deliveries/<int:delivery_id>/retry/", views.retry, name="retry"),
]
