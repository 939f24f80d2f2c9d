"""The product with the mistake of ClaimBeforeTheEffect."""

from servicedesk.settings.prod import *  # noqa: F403

INSTALLED_APPS += ["tests.faults.mutants.apps.ClaimBeforeTheEffect"]  # noqa: F405
