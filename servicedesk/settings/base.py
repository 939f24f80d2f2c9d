"""What every environment shares. Environment variables are documented in docs/admin-guide.md."""

import zoneinfo
from pathlib import Path
from typing import Any

import dj_database_url
import dj_email_url
from csp.constants import NONE, SELF

from servicedesk import env

# Time zones come from the pinned tzdata package, not from the machine: working time is the same everywhere.
zoneinfo.reset_tzpath(to=())

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / ".run")))

DEBUG = False
DEMO = env.boolean("DEMO", False)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
PUBLIC_URL = env.text("PUBLIC_URL", "http://localhost:8000").rstrip("/")

INSTALLED_APPS = [
    "servicedesk.apps.ServicedeskConfig",
    "metrics.apps.MetricsConfig",
    "feedback.apps.FeedbackConfig",
    "requests_app.apps.RequestsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
]
MIDDLEWARE = [
    "servicedesk.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "servicedesk.middleware.ReaderLocale",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "servicedesk.middleware.PlainRefusals",
    "servicedesk.middleware.ResponseHeaders",
]
ROOT_URLCONF = "servicedesk.urls"
WSGI_APPLICATION = "servicedesk.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "servicedesk.look.context.shell",
            ],
            "libraries": {"look": "servicedesk.look.templatetags.look"},
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        env.secret("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/servicedesk"),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
    "options", "-c lock_timeout=3s -c idle_in_transaction_session_timeout=60s"
)
# Queries over many tables are planned once a connection (ADR 11); 0 behind a pooler that shares connections.
PREPARED_QUERIES = env.boolean("PREPARED_QUERIES", True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis is only the broker. Sessions and rate limits live in PostgreSQL, so they survive its loss.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "servicedesk_cache"}}
PAGES_REMEMBERED = 300  # pages of figures that each process keeps until the figures change
SESSION_ENGINE = "servicedesk.sessions"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 7 * 24 * 3600

REDIS_URL = env.secret("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = "UTC"  # beat counts plain intervals; days of the company are reckoned by our own code
CELERY_TASK_DEFAULT_QUEUE = "interactive"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 100
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# The web tier never waits for Redis longer than half a second; what is not sent, the sweeper delivers.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

AUTH_USER_MODEL = "requests_app.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in [
        ("UserAttributeSimilarityValidator", {"user_attributes": ("email", "name")}),
        ("MinimumLengthValidator", {"min_length": 15}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    ]
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "servicedesk.accounts.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login": "50/m/ip", "login_failed": "50/15m/ip,10/15m/key", "reset_password": "20/m/ip,3/h/key"}
SOCIALACCOUNT_ONLY = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

EMAIL = dj_email_url.parse(env.secret("EMAIL_URL", f"file://{DATA_DIR}/mail"))
EMAIL_BACKEND, EMAIL_FILE_PATH = EMAIL["EMAIL_BACKEND"], str(DATA_DIR / "mail")
EMAIL_HOST, EMAIL_PORT = EMAIL["EMAIL_HOST"], EMAIL["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_USER"], EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL["EMAIL_USE_TLS"], EMAIL["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Service desk <desk@localhost>")

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("ru", "Русский")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
# Until administrators set it: nobody is asked for a rating, or by anything, within so many days after another question,
# and by no campaign within so many days after another campaign; 0: no limit.
ASK_AGAIN_AFTER_DAYS = env.integer("ASK_AGAIN_AFTER_DAYS", 0)
CAMPAIGN_AGAIN_AFTER_DAYS = env.integer("CAMPAIGN_AGAIN_AFTER_DAYS", 14)
COMPANY_NAME = env.text("COMPANY_NAME", "")  # as it stands on certificates
# Within how many days a corrective action is taken out of each state; planned ones and checks have days of their own.
ACTION_DAYS = {
    "open": env.integer("ACTION_DAYS_TO_CONTAIN", 3),
    "contained": env.integer("ACTION_DAYS_TO_CAUSE", 14),
    "analysed": env.integer("ACTION_DAYS_TO_PLAN", 7),
    "done": env.integer("ACTION_DAYS_TO_CONFIRM", 14),
}
COMPANY_TIME_ZONE = env.text("COMPANY_TIME_ZONE", "Europe/Berlin")
# Instants are stored in UTC; "today" of a worker, a command or an API call is the company's, on a page the reader's.
TIME_ZONE = COMPANY_TIME_ZONE

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
UPLOAD_LIMIT_BYTES = 25 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "requests_app.org.authentication.BearerToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["requests_app.kernel.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "requests_app.kernel.api.Description",
    "EXCEPTION_HANDLER": "requests_app.kernel.api_errors.answer_error",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "DATETIME_INPUT_FORMATS": ["iso-8601"],
    "URL_FORMAT_OVERRIDE": None,  # answers are JSON; ?format= is an unknown parameter like any other
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Service desk",
    "DESCRIPTION": "Requests between departments, their feedback and their figures.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "AbsenceKindEnum": "requests_app.capacity.states.Kind.choices",
        "CorrectiveActionStateEnum": "feedback.actions.states.State.choices",
        "CauseStateEnum": "feedback.actions.states.CauseState.choices",
        "CorrectiveStepEnum": "feedback.actions.api.actions.STEPS",
        "AwardStateEnum": "feedback.awards.states.State.choices",
        "AwardStepEnum": "feedback.awards.api.shapes.STEP_NAMES",
        "AwardUnitEnum": "feedback.awards.states.Unit.choices",
        "AwardWayEnum": "feedback.awards.states.Way.choices",
        "AwardTieEnum": "feedback.awards.states.Tie.choices",
        "AwardOutcomeEnum": "feedback.awards.states.Outcome.choices",
        "AwardHowEnum": "feedback.awards.states.How.choices",
        "AwardCriterionEnum": "feedback.awards.states.Criterion.choices",
        "AwardReasonEnum": "feedback.awards.states.Reason.choices",
        "TrainingAnswerEnum": "feedback.training.states.Answer.choices",
        "TrainingPlaceEnum": "feedback.training.states.Place.choices",
        "VoiceKindEnum": "feedback.voice.states.Kind.choices",
        "VoiceStateEnum": "feedback.voice.states.State.choices",
        "VoiceStepEnum": "feedback.voice.states.STEPS",
        "MeetingStateEnum": "feedback.talks.states.State.choices",
        "MeetingStepEnum": "feedback.talks.states.STEPS",
        "MeetingLineEnum": "feedback.talks.api.LINES",
        "MeetingPointEnum": "feedback.talks.states.Point.choices",
        "MeetingKindEnum": "feedback.talks.states.Kind.choices",
        "ForumKindEnum": "feedback.forum.states.Kind.choices",
        "ForumShowEnum": "feedback.forum.states.Show.choices",
        "GroupStateEnum": "feedback.groups.states.State.choices",
        "GroupStepEnum": "feedback.groups.states.STEPS",
        "GroupTaskStateEnum": "feedback.groups.states.TaskState.choices",
        "GroupMeetingStateEnum": "feedback.groups.states.MeetingState.choices",
        "GroupMeetingStepEnum": "feedback.groups.states.MEETING_STEPS",
        "GroupCriterionEnum": "feedback.groups.states.Criterion.choices",
        "GroupWallStepEnum": "feedback.groups.states.WALL_STEPS",
        "NeedSourceKindEnum": "feedback.needs.states.SourceKind.choices",
        "NeedStateEnum": "feedback.needs.states.State.choices",
        "NeedStepEnum": "feedback.needs.states.STEPS",
        "CampaignStateEnum": "feedback.surveys.states.CampaignState.choices",
        "CampaignStepEnum": "feedback.surveys.states.Step.choices",
        "QuestionKindEnum": "feedback.surveys.states.Kind.choices",
        "ReadySurveyEnum": "feedback.surveys.states.READY_CHOICES",
        "DepartmentKindEnum": "requests_app.org.states.DepartmentKind.choices",
        "FigureSideEnum": "metrics.rollups.states.Side.ALL",
        "HoldReasonEnum": "requests_app.agreements.states.HoldReason.choices",
        "ImprovementMoveEnum": "metrics.improvement.api.IMPROVEMENT_MOVES",
        "ImprovementMarkEnum": "metrics.improvement.progress.Progress.choices",
        "ImprovementStateEnum": "metrics.improvement.states.State.choices",
        "MeasureEnum": "requests_app.agreements.states.Measure.choices",
        "MoveEnum": "requests_app.desk.api.shapes.ACTIONS",
        "SideEnum": "requests_app.agreements.states.Side.choices",
        "StatusEnum": "requests_app.desk.states.Status.choices",
        "StepEnum": "requests_app.agreements.states.Step.choices",
    },
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "servicedesk.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    # One line per task and second says nothing; a task that fails is told at a higher level.
    "loggers": {name: {"level": "WARNING"} for name in ("celery.worker.strategy", "celery.app.trace", "celery.beat")},
}
