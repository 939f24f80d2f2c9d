"""Questionnaires and campaigns over HTTP."""

from feedback.surveys.api.addresses import urlpatterns

__all__ = ["urlpatterns"]
