"""Every address of the product: by which row of the matrix it is guarded, or why by none."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from django.urls import URLPattern, URLResolver, get_resolver

from tests.security.probes import Probe
from tests.security.routes_actions import ACTIONS
from tests.security.routes_awards import AWARDS
from tests.security.routes_capacity import CAPACITY
from tests.security.routes_chain import CHAIN
from tests.security.routes_charts import CHARTS
from tests.security.routes_company import COMPANY
from tests.security.routes_figures import FIGURES
from tests.security.routes_forum import FORUM
from tests.security.routes_groups import GROUPS
from tests.security.routes_improvements import IMPROVEMENTS
from tests.security.routes_mending import MENDING
from tests.security.routes_needs import NEEDS
from tests.security.routes_outlook import OUTLOOK
from tests.security.routes_passing import PASSING
from tests.security.routes_process import PROCESS
from tests.security.routes_reports import REPORTS
from tests.security.routes_requests import REQUESTS
from tests.security.routes_settings import SETTINGS
from tests.security.routes_surveys import SURVEYS
from tests.security.routes_talks import TALKS
from tests.security.routes_themes import THEMES
from tests.security.routes_training import TRAINING
from tests.security.routes_voices import VOICES

PROBES: list[Probe] = [
    *ACTIONS,
    *AWARDS,
    *CAPACITY,
    *CHAIN,
    *CHARTS,
    *COMPANY,
    *FIGURES,
    *IMPROVEMENTS,
    *MENDING,
    *FORUM,
    *GROUPS,
    *NEEDS,
    *OUTLOOK,
    *PASSING,
    *PROCESS,
    *REPORTS,
    *REQUESTS,
    *SETTINGS,
    *SURVEYS,
    *TALKS,
    *THEMES,
    *TRAINING,
    *VOICES,
]

# Addresses that no row of the matrix guards, and why that is right. At most 15.
EXCEPTIONS = {
    "account_login": "whoever signs in is not yet anybody",
    "account_logout": "ends one's own session",
    "account_inactive": "tells that an account is closed; knows nobody",
    "account_signup": "tells that nobody signs up here",
    "account_reauthenticate": "asks the signed-in person for the own password",
    "account_*_password": "one's own password, with the old one or a link that was mailed",
    "account_reset_password_*": "the steps after a mailed link; the link is the key",
    "mfa_*": "one's own second factor, behind the own password",
    "set_language": "a cookie of the reader",
    "look:mark": "the product's own picture",
    "look:theme": "a cookie of the reader",
    "ratings:rate": "the link of a mail is the key: 256 bits, one request, one person",
}


def routes() -> Iterator[tuple[str, URLPattern]]:
    """The name and the pattern of every address, allauth's and the framework's included."""
    yield from _below(get_resolver(), ())


def _below(resolver: URLResolver, spaces: tuple[str, ...]) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _below(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        else:
            yield ":".join([*spaces, pattern.name or "nameless"]), pattern


def excepted(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in EXCEPTIONS)
