"""What a call of the API is, and what the bodies of several have in common."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone


@dataclass(frozen=True)
class Call:
    """`by` names a person of the cast; `path` may hold the names of a `Stage`: {number}, {handoff}, {file}, …"""

    by: str
    method: str
    path: str
    body: dict[str, Any] | None = None
    prepare: str = ""
    files: bool = False


REQUEST = "requests/{number}/"
SOON = (timezone.localdate() + timedelta(days=7)).isoformat()
