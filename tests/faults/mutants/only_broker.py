"""The product with the mistake of OnlyTheBroker."""

from servicedesk.settings.prod import *  # noqa: F403

INSTALLED_APPS += ["tests.faults.mutants.apps.OnlyTheBroker"]  # noqa: F405
