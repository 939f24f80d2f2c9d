"""For the tests: a real database and a real broker, cheap password hashes."""

import tempfile
from pathlib import Path

from servicedesk import env
from servicedesk.settings.base import *  # noqa: F403

SECRET_KEY = "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789"  # noqa: S105
DEMO = True
ALLOWED_HOSTS = ["*"]
DATA_DIR = Path(env.text("TEST_DATA_DIR", tempfile.mkdtemp(prefix="servicedesk-test-")))
MEDIA_ROOT = DATA_DIR / "files"
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_AUTOREFRESH = True
LOGGING["root"]["level"] = "WARNING"  # noqa: F405
