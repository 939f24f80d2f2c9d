"""What `./desk up` and the containers run. HTTPS=1 switches on everything that needs TLS in front."""

from servicedesk import env
from servicedesk.settings.base import *  # noqa: F403

SECRET_KEY = env.secret("SECRET_KEY")
HTTPS = env.boolean("HTTPS", False)
# Rate limits count by address: with proxies in front, the one they report.
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXIES", 0)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
