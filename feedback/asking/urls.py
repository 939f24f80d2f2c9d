from django.urls import path

from feedback.asking import views

app_name = "asking"
urlpatterns = [path("requests/<str:number>/asking/", views.rate, name="request")]
