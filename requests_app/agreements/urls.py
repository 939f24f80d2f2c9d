"""Targets and priorities; the roof puts them below /settings/. The parties stand in the address as parameters."""

from django.urls import path

from requests_app.agreements import views

urlpatterns = [
    path("targets/", views.targets, name="targets"),
    path("targets/set/", views.target, name="target"),
    path("targets/end/", views.target_end, name="target_end"),
    path("priorities/", views.matrix, name="matrix"),
    path("priorities/end/", views.matrix_end, name="matrix_end"),
]
