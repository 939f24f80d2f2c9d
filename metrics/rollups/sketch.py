"""The sketch: how many values fall into each bucket of 1 % relative width. Parts add up to exactly the whole.

In the database a sketch is a row of bars, each a bucket and a count of six bytes in network order (`BAR`), by bucket.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from math import ceil, floor, log

import numpy as np

from metrics.rollups.statistics import median_ranks

ALPHA = 0.01
GAMMA = (1 + ALPHA) / (1 - ALPHA)
LN_GAMMA = log(GAMMA)
ZERO = -1  # the bucket of values of 0 and less
SHIFT = 1  # so that no stored bucket is negative
BAR = np.dtype([("bucket", ">u2"), ("n", ">u4")])


def bucket_of(value: float) -> int:
    return ceil(log(value) / LN_GAMMA) if value >= 1 else ZERO


def estimate(bucket: int) -> float:
    """The value that stands for a bucket, at most 1 % from any value in it."""
    return 0.0 if bucket == ZERO else 2 * GAMMA**bucket / (GAMMA + 1)


class Sketch:
    """Counts per bucket, from any number of parts that are added up when it is asked for the first time."""

    def __init__(self) -> None:
        self._parts: list[bytes | memoryview] = []

    def add(self, buckets: Sequence[int]) -> None:
        """Each bucket stands for one value."""
        self.take_packed(bars_of(Counter(buckets)).tobytes())

    def take_packed(self, packed: bytes | memoryview | None) -> None:
        """Bars as the database keeps them."""
        if packed:
            self._parts.append(packed)
            vars(self).pop("_ladder", None)

    def merge(self, other: "Sketch") -> None:
        self._parts += other._parts
        vars(self).pop("_ladder", None)

    @property
    def counts(self) -> Counter[int]:
        buckets, reached = self._ladder
        steps = np.diff(reached, prepend=0)
        return Counter(dict(zip(buckets.tolist(), steps.tolist(), strict=True)))

    @property
    def n(self) -> int:
        return int(self._ladder[1][-1]) if len(self._ladder[1]) else 0

    @cached_property
    def _ladder(self) -> tuple[np.ndarray, np.ndarray]:
        """The buckets that hold anything, and how many values lie in them and below."""
        if not self._parts:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        bars = np.frombuffer(b"".join(self._parts), BAR)
        dense = np.bincount(bars["bucket"], bars["n"])  # in floats, exact up to 2**53
        held = np.flatnonzero(dense)
        return held - SHIFT, np.cumsum(dense[held].astype(np.int64))

    def percentile(self, share: float) -> float | None:
        """Within 1 % of the exact order statistics, between which it interpolates like type 7."""
        if not self.n:
            return None
        place = (self.n - 1) * share
        below = floor(place)
        low = self._ranked(below)
        if place == below:
            return low
        return low + (place - below) * (self._ranked(below + 1) - low)

    def median_interval(self) -> tuple[float, float] | None:
        """95 % interval of the median by order statistics; None for fewer than six values, which cannot give one."""
        ranks = median_ranks(self.n)
        return (self._ranked(ranks[0]), self._ranked(ranks[1])) if ranks else None

    def _ranked(self, rank: int) -> float:
        """The value of this rank, counted from 0."""
        buckets, reached = self._ladder
        return estimate(int(buckets[min(int(np.searchsorted(reached, rank, side="right")), len(buckets) - 1)]))


def bars_of(counts: Counter[int]) -> np.ndarray:
    return np.array([(bucket + SHIFT, n) for bucket, n in sorted(counts.items())], BAR)
