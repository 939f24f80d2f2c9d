"""How the year goes: when people ask, whom, how quickly and how well the others answer. Chance, but always the same."""

import math
from datetime import date
from random import Random
from statistics import NormalDist

MONTH = {1: 1.12, 2: 1.05, 3: 1.06, 4: 0.95, 5: 0.95, 6: 1.0, 7: 0.92, 8: 0.8, 9: 1.12, 10: 1.08, 11: 1.1, 12: 0.78}
WEEKDAY = (1.25, 1.1, 1.0, 0.97, 0.76, 0.04, 0.02)
A_DAY = 23.0  # requests on a plain working day
HOURS = {7: 1, 8: 5, 9: 9, 10: 10, 11: 8, 12: 3, 13: 6, 14: 8, 15: 7, 16: 5, 17: 2, 18: 0.6, 20: 0.3}

# Who asks whom more often than their number of people says.
BONDS = {
    ("production", "purchasing"): 3.0, ("production", "it"): 1.5, ("production", "quality"): 2.5,
    ("sales", "logistics"): 3.0, ("sales", "production"): 2.5, ("sales", "legal"): 2.2, ("sales", "marketing"): 2.2,
    ("care", "logistics"): 2.2, ("care", "it"): 1.5, ("logistics", "purchasing"): 1.4, ("quality", "production"): 2.0,
    ("it", "facilities"): 2.2, ("it", "purchasing"): 2.0, ("facilities", "purchasing"): 1.4,
    ("management", "finance"): 2.0,
    ("nordwind", "logistics"): 3.0,
}  # fmt: skip
# Pairs that work together worse than the supplier does with others.
STRAINS = {("production", "purchasing"): -0.1, ("sales", "logistics"): -0.09, ("care", "it"): -0.07}
SPREAD = 0.85  # of the logarithm of a duration

OUTAGE = range(150, 181)  # days ago: the bad month of IT
IMPROVED = 120  # days ago: the second-level rota of IT began
NEGLECTED = "purchasing"
PING_PONG = {"network": "facilities", "electrical": "it"}  # service → to whom it is passed


def arrivals(dice: Random, day: date, days_ago: int) -> int:
    """How many requests are filed on this day; a little more each month."""
    mean = A_DAY * MONTH[day.month] * WEEKDAY[day.weekday()] * (1.08 - 0.16 * days_ago / 365)
    if days_ago in OUTAGE:
        mean *= 1.1
    return max(round(dice.gauss(mean, math.sqrt(mean))), 0)


def kept_share(supplier: str, customer: str, usual: float, days_ago: int) -> float:
    """The share of promises that are kept, as the supplier stands with this customer at that time."""
    share = usual + STRAINS.get((customer, supplier), 0)
    if supplier == "it":
        share += -0.24 if days_ago in OUTAGE else 0.025 if days_ago < IMPROVED else -0.015
    if supplier == NEGLECTED:
        share -= 0.06 * (1 - days_ago / 365)
    return min(max(share, 0.3), 0.98)


def speed(supplier: str, days_ago: int) -> float:
    """Durations of the supplier at that time against its usual ones, without regard to the promise."""
    return 0.8 if supplier == "it" and days_ago < IMPROVED else 1.0


def use_of_target(dice: Random, kept: float) -> float:
    """Time taken as a share of the target: over 1 with the probability 1 - kept."""
    middle = -SPREAD * NormalDist().inv_cdf(kept)
    return min(max(math.exp(dice.gauss(middle, SPREAD)), 0.01), 12.0)


def about(dice: Random, middle: float, spread: float = 0.8) -> float:
    """A duration whose median is `middle`."""
    return middle * math.exp(dice.gauss(0, spread))


def stars(dice: Random, usual: float, *, late: bool, sent_back: bool, passed_on: bool) -> int:
    mean = usual - 1.1 * late - 0.9 * sent_back - 0.4 * passed_on
    return min(max(round(dice.gauss(mean + 0.15, 0.75)), 1), 5)
