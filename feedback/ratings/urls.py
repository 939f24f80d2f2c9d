from django.urls import path

from feedback.ratings import views

app_name = "ratings"
urlpatterns = [
    path("rate/<str:token>/", views.rate_by_link, name="rate"),
    path("requests/<str:number>/rate/", views.rate_request, name="request"),
    path("requests/<str:number>/rate/replies/", views.reply, name="reply"),
]
settings_patterns = [path("ratings/", views.rules, name="ratings")]
