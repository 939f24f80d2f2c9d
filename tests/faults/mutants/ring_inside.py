"""The product with the mistake of RingInTheRequest."""

from servicedesk.settings.prod import *  # noqa: F403

INSTALLED_APPS += ["tests.faults.mutants.apps.RingInTheRequest"]  # noqa: F405
