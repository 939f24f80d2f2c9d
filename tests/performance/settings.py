"""Production settings plus two yardsticks: a view that does nothing, and the smallest create DRF can do."""

from servicedesk.settings.prod import *  # noqa: F403

ROOT_URLCONF = "tests.performance.urls"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
