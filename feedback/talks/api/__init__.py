"""Talks over HTTP."""

from feedback.talks.api import addresses, departments
from feedback.talks.api.shapes import LINES

urlpatterns = [*addresses.urlpatterns, *departments.urlpatterns]

__all__ = ["LINES", "urlpatterns"]
