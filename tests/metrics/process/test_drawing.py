"""The picture: what stands in it, and that nothing covers anything."""

from itertools import pairwise, permutations

from metrics.facts.states import Step
from metrics.process.drawing import HEIGHT, PLACES, WIDTH, lines_of, picture_of
from metrics.process.states import Edge


def edges_of(pairs, n=10):
    return [Edge(pair, n, n, 5, 1.0, 1.0, None, bottleneck=place == 1) for place, pair in enumerate(pairs)]


STRAIGHT = (Step.FILED, Step.ACCEPTED, Step.DELIVERED, Step.CONFIRMED)


def test_the_straight_way_runs_level_from_left_to_right():
    picture = picture_of(edges_of(pairwise(STRAIGHT)), STRAIGHT, 10)

    assert [box.step for box in picture.boxes] == list(STRAIGHT)
    assert len({box.y for box in picture.boxes}) == 1
    assert [line.kind for line in picture.lines] == ["usual", "usual", "bottleneck"]
    assert picture.left_out == 0


def test_every_step_has_a_place_of_its_own():
    assert set(PLACES) == set(Step)
    assert len(set(PLACES.values())) == len(Step)


def test_rows_without_a_step_are_left_out():
    high = picture_of(edges_of([(Step.FILED, Step.ACCEPTED), (Step.ACCEPTED, Step.HELD_CUSTOMER)]), (), 10)
    flat = picture_of(edges_of([(Step.FILED, Step.ACCEPTED)]), (), 10)

    assert (len({box.y for box in high.boxes}), high.height - flat.height) == (2, 96)


def test_all_lines_stay_inside_the_picture():
    pairs = [*permutations(Step, 2), *((step, step) for step in Step)]
    for place in range(0, len(pairs), 30):
        picture = picture_of(edges_of(pairs[place : place + 30]), (), 10)
        for line in picture.lines:
            numbers = [float(part) for part in line.d.replace("M", "").replace("C", " ").split()]
            assert all(-8 <= x <= picture.width + 8 for x in numbers[::2]), line
            assert -30 <= float(line.label_y) <= picture.height + 30
        for box in picture.boxes:
            assert 0 <= int(box.x) <= picture.width - WIDTH
            assert 0 <= int(box.y) <= picture.height - HEIGHT


def test_rare_and_hidden_passages_are_not_drawn():
    edges = [
        *edges_of([(Step.FILED, Step.ACCEPTED)], n=1000),
        *edges_of([(Step.FILED, Step.CANCELLED)], n=9),
        Edge((Step.FILED, Step.DECLINED), 0, 0, None, None, None, None, few=True),
    ]
    picture = picture_of(edges, (), 1000)

    assert [line.pair for line in picture.lines] == [(Step.FILED, Step.ACCEPTED)]
    assert picture.left_out == 2
    assert picture_of([], (), 0) is None


def test_long_names_are_broken_at_the_space_nearest_the_middle():
    assert lines_of("On hold: the customer") == ["On hold: the", "customer"]
    assert lines_of("Delivered") == ["Delivered"]
    assert lines_of("客户已接受") == ["客户已接受"]
