"""Joint groups over HTTP."""

from feedback.groups.api.addresses import urlpatterns

__all__ = ["urlpatterns"]
