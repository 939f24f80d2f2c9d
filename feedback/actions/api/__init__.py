"""Corrective actions, what shows that they were done, and their causes, over HTTP."""

from feedback.actions.api import actions, causes, proof

urlpatterns = [*actions.urlpatterns, *proof.urlpatterns, *causes.urlpatterns]
