"""Training over HTTP."""

from feedback.training.api import addresses, recommendations

urlpatterns = [*addresses.urlpatterns, *recommendations.urlpatterns]

__all__ = ["urlpatterns"]
