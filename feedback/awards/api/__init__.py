"""Awards over HTTP."""

from feedback.awards.api.addresses import urlpatterns

__all__ = ["urlpatterns"]
