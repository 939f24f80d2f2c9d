from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.rollups.sketch import BAR, ZERO, Sketch, bars_of, bucket_of
from metrics.rollups.sketch import estimate as value_of
from metrics.rollups.statistics import percentile


@pytest.mark.parametrize(
    ("value", "bucket", "estimate"),
    [(1, 0, 0.99), (5, 81, 5.00283), (100, 231, 100.494568), (1326, 360, 1326.354763), (86400, 569, 86710.392266)],
)
def test_bucket_of_the_worked_examples(value, bucket, estimate):
    assert bucket_of(value) == bucket
    assert value_of(bucket) == pytest.approx(estimate, abs=1e-5)


@pytest.mark.parametrize("value", [0, -5])
def test_zero_and_less_have_a_bucket_of_their_own(value):
    assert (bucket_of(value), value_of(bucket_of(value))) == (ZERO, 0.0)


def sketch_of(values):
    sketch = Sketch()
    sketch.add([bucket_of(value) for value in values])
    return sketch


@given(st.lists(st.integers(0, 10_000_000), min_size=1, max_size=60), st.sampled_from([0.0, 0.5, 0.9, 0.95, 1.0]))
def test_sketch_percentiles_are_within_one_percent(values, share):
    assert sketch_of(values).percentile(share) == pytest.approx(percentile(values, share), rel=0.0100001)


@given(st.lists(st.integers(0, 100_000), max_size=40), st.lists(st.integers(0, 100_000), max_size=40))
def test_merged_sketches_equal_the_sketch_of_all(one, other):
    merged = sketch_of(one)
    merged.merge(sketch_of(other))

    assert merged.counts == sketch_of(one + other).counts
    assert merged.n == len(one) + len(other)


def test_sketch_of_nothing_says_nothing():
    assert (Sketch().percentile(0.5), Sketch().median_interval()) == (None, None)


def test_median_interval_takes_the_order_statistics():
    """Of 100 values the 40th and the 61st."""
    low, high = sketch_of(range(1, 101)).median_interval()

    assert (low, high) == (pytest.approx(40, rel=0.01), pytest.approx(61, rel=0.01))


def test_median_interval_of_few_values_is_none():
    assert sketch_of([1, 2, 3, 4, 5]).median_interval() is None
    assert sketch_of([1, 2, 3, 4, 5, 6]).median_interval() == (pytest.approx(1, rel=0.02), pytest.approx(6, rel=0.02))


@given(st.lists(st.integers(0, 10_000_000), max_size=60))
def test_a_sketch_comes_out_of_its_bytes_as_it_went_in(values):
    counts = Counter(bucket_of(value) for value in values)
    read = Sketch()
    read.take_packed(bars_of(counts).tobytes())

    assert (read.counts, read.n) == (counts, len(values))


def test_the_bytes_are_bucket_and_count_in_network_order():
    assert bars_of(Counter({ZERO: 1, 231: 70_000})).tobytes().hex() == "000000000001" + "00e800011170"
    assert BAR.itemsize == 6


def test_asking_does_not_keep_a_sketch_from_taking_more():
    sketch = sketch_of([100])
    assert sketch.n == 1
    sketch.add([bucket_of(100)])
    assert sketch.counts == Counter({bucket_of(100): 2})
