"""Addresses of the combined pages. My desk and the list of requests stand in the namespace of the desk."""

from django.urls import include, path

from requests_app.desk import urls as desk
from servicedesk.pages.views import catalogue, home, lists, relation, search

_desk = [
    path("", home.home, name="home"),
    path("requests/", lists.requests, name="requests"),
    *desk.urlpatterns,
]
_catalogue = [
    path("services/", catalogue.services, name="list"),
    path("services/<slug:slug>/", catalogue.service, name="service"),
]
urlpatterns = [
    path("", include((_desk, desk.app_name))),
    path("", include((_catalogue, "catalogue"))),
    path("relations/<slug:one>/<slug:other>/", relation.relation, name="relation"),
    path("search/", search.search, name="search"),
]
