"""What departments say of each other; the roof puts it at the root."""

from django.urls import path

from feedback.chain import views

app_name = "chain"
urlpatterns = [
    path("departments/<slug:slug>/chain/", views.chain, name="department"),
    path("departments/<slug:slug>/chain/declare/", views.declare, name="declare"),
]
