"""What is drawn on a chart besides its weeks: what the department did to get better."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Mark:
    """Something that took effect on a day, where to read of it, and what came of it in words."""

    on: date
    name: str
    url: str
    words: str = ""
    verdict: str = ""
