"""Training over HTTP."""

from feedback.training.api.addresses import urlpatterns

__all__ = ["urlpatterns"]
