"""Geometry of small lines and bars."""

from servicedesk.look.drawing import slices, spark


def test_a_spark_runs_from_the_lowest_to_the_highest_value():
    line = spark([1, 2, 3], width=96, height=26)
    assert line.path == "M1.0 24.0L47.0 13.0L93.0 2.0"
    assert line.dot == (93.0, 2.0)


def test_a_gap_lifts_the_pen_and_the_dot_sits_on_the_last_known_value():
    line = spark([1, None, 3, 2, None])
    assert line.path == "M1.0 24.0M47.0 2.0L70.0 13.0"
    assert line.dot == (70.0, 13.0)


def test_a_target_outside_the_values_stays_inside_the_frame():
    assert spark([1, 3], target=2).target_y == 13.0
    assert spark([1, 3], target=99).target_y == 2.0
    assert spark([1, 3], target=-99).target_y == 24.0


def test_level_values_and_a_single_one_lie_in_the_middle():
    assert spark([4, 4]).path == "M1.0 13.0L93.0 13.0"
    assert spark([4]).path == "M1.0 13.0"


def test_nothing_known_draws_nothing():
    assert spark([None, None]).path == ""
    assert spark([]).dot is None


def test_slices_add_up_and_leave_out_empty_parts():
    parts = slices([("us", 30), ("pause", 0), ("cust", 10)])
    assert [(part.kind, part.x, part.width, part.gap) for part in parts] == [
        ("us", "0.00%", "75.00%", True),
        ("cust", "75.00%", "25.00%", False),
    ]


def test_slices_of_a_larger_whole_leave_room_and_never_overflow():
    assert [part.width for part in slices([("us", 25)], total=100)] == ["25.00%"]
    assert [part.width for part in slices([("us", 80), ("bad", 40)], total=100)] == ["80.00%", "20.00%"]
    assert slices([]) == []
