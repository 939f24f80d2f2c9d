"""Pages of figures, kept until the figures change: what nobody's work has touched is not computed twice.

Kept in the process, for whoever has the same sight of the same figures in the same language. A key begins with the
generation of the figures and the minute, since some figures change with time alone: what is overdue, the age of open
work. So nothing shown is older than a minute, and nothing is older than the last recount.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from threading import Lock
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from metrics.rollups.selectors import generation

Key = tuple[Hashable, ...]


class Memory:
    """The last things made, by key. Threads that ask for the same at once may make it twice, never see half of it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Any] = OrderedDict()
        self._lock = Lock()

    def of(self, key: Key, make: Callable[[], Any]) -> Any:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > settings.PAGES_REMEMBERED:
                self._kept.popitem(last=False)
        return made


PAGES, BODIES = Memory(), Memory()


def moment(now: datetime) -> Key:
    """What every key begins with: figures of this generation, told at this minute, in this language and zone."""
    zone = timezone.get_current_timezone_name()
    return generation(), int(now.timestamp() // 60), get_language() or "", zone
