import pytest

from metrics.facts.route import bounces, hops, passes, returns, without_repeats


@pytest.mark.parametrize(
    ("stops", "expected"),
    [  # the worked examples: hops, straight back, come back
        ("ABABC", (4, 2, 2)),
        ("ABCA", (3, 0, 1)),
        ("AA?A", (0, 0, 0)),
        ("A", (0, 0, 0)),
        ("", (0, 0, 0)),
    ],
)
def test_route_counts_hops_bounces_and_returns(stops, expected):
    route = without_repeats(None if stop == "?" else ord(stop) for stop in stops)

    assert (hops(route), bounces(route), returns(route)) == expected


def test_passes_name_each_step():
    assert passes([1, 2, 1]) == [(1, 2), (2, 1)]
