"""What a row says as its version: rows without a number of their own are compared by their values."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from requests_app.kernel.errors import StaleVersion


def fingerprint(values: Mapping[str, Any]) -> str:
    """Short, and the same for the same values whoever asks."""
    canonical = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def require_unchanged(based_on: str | None, values: Mapping[str, Any]) -> None:
    """StaleVersion when the values are no longer those that were read; None asks for nothing. Call under the lock."""
    if based_on is not None and based_on != fingerprint(values):
        raise StaleVersion(_("Somebody else saved this in between. Nothing of yours was saved, and nothing is lost."))
