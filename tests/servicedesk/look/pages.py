"""The addresses of the contract, answered by nobody: the sidebar is tested apart from the pages it leads to."""

from django.http import HttpResponse
from django.urls import include, path


def _page(request, **_parts) -> HttpResponse:
    return HttpResponse()


def _package(name: str, **pages: str):
    return path("", include(([path(address, _page, name=page) for page, address in pages.items()], name)))


urlpatterns = [
    _package("desk", home="", requests="requests/", queue="departments/<slug:slug>/queue/"),
    _package("catalogue", list="services/"),
    _package(
        "dashboards",
        supplier="departments/<slug:slug>/as-supplier/",
        customer="departments/<slug:slug>/as-customer/",
        company="company/",
    ),
    _package("settings", home="settings/"),
    _package("health", detail="health/"),
]
