"""Every address of the product. Pages of the apps, pages that combine them, the API."""

from django.conf import settings
from django.urls import include, path

handler404 = "servicedesk.middleware.api_not_found"

urlpatterns = []
