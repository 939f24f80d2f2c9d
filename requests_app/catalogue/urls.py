"""Setting up services; the roof puts it below /settings/. The pages of readers are the roof's own."""

from django.urls import path

from requests_app.catalogue import views

urlpatterns = [
    path("services/", views.service_list, name="services"),
    path("new-service/", views.new_service, name="service_new"),
    path("services/<slug:slug>/", views.service, name="service"),
    path("services/<slug:slug>/form/", views.service_form, name="service_form"),
]
