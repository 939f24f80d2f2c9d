"""For work on the code: debug pages, plain static files."""

from servicedesk import env
from servicedesk.settings.base import *  # noqa: F403

DEBUG = True
SECRET_KEY = env.secret("SECRET_KEY", "development-only-never-in-production-0123456789-abcdefghij")
DEMO = env.boolean("DEMO", True)
COMPANY_NAME = env.text("COMPANY_NAME", "Demo company")
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
