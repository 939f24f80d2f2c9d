"""For the tests: a real database and a real broker, cheap password hashes."""

import atexit
import shutil
import tempfile
from pathlib import Path

from servicedesk.settings.base import *  # noqa: F403

SECRET_KEY = "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789"  # noqa: S105
DEMO = True
ALLOWED_HOSTS = ["*"]
DATA_DIR = Path(tempfile.mkdtemp(prefix="servicedesk-test-"))
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
MEDIA_ROOT = DATA_DIR / "files"
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
LOGGING["root"]["level"] = "WARNING"
CAMPAIGN_AGAIN_AFTER_DAYS = 0  # stages ask the same few people again and again; the limit is tested by itself
PAGES_REMEMBERED = 0  # tests roll the figures back behind its back; what it keeps is tested by itself
