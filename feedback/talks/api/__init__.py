"""Talks over HTTP."""

from feedback.talks.api.addresses import urlpatterns
from feedback.talks.api.shapes import LINES

__all__ = ["LINES", "urlpatterns"]
