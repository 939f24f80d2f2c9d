"""Figure targets: who sets them, what is stored, what the history says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.rollups.definitions import DEFINITIONS, Direction
from metrics.rollups.models import FigureTarget
from metrics.rollups.selectors import targets_for
from metrics.targets.selectors import own_targets, targets_of
from metrics.targets.services import set_targets
from metrics.targets.states import FIGURES, bounds_of, refused, stored, typed
from requests_app.events.models import Event
from requests_app.kernel.errors import NotAllowed, StaleVersion, WrongInput
from requests_app.kernel.versions import fingerprint
from servicedesk.pages.settings.changes import change_page, changes_for

database = pytest.mark.django_db


@database
def test_a_department_has_its_own_else_the_companys_else_the_usual_one(company):
    set_targets(by=company.admin, department=None, targets={"csat": 0.8, "resolution_kept": 0.9})
    set_targets(by=company.supplier_head, department=company.it, targets={"resolution_kept": 0.95})

    assert own_targets(company.it) == {"resolution_kept": 0.95}
    found = {one.definition.key: (one.own, one.otherwise, one.value) for one in targets_of(company.it)}
    assert found["resolution_kept"] == (0.95, 0.9, 0.95)
    assert found["csat"] == (None, 0.8, 0.8)
    assert found["bounce_rate"] == (None, 0.04, 0.04)
    assert found["resolution_time"] == (None, None, None)
    assert {key: value for key, (_own, _other, value) in found.items() if value is not None} == targets_for(
        company.it.pk
    )


@database
def test_taking_the_own_target_away_lets_the_companys_hold_again(company):
    set_targets(by=company.admin, department=company.it, targets={"csat": 0.7})
    assert set_targets(by=company.admin, department=company.it, targets={"csat": None}) == {}
    assert targets_for(company.it.pk)["csat"] == 0.85


@database
def test_every_change_stands_in_the_history_in_words(company):
    set_targets(by=company.admin, department=company.it, targets={"resolution_kept": 0.9, "resolution_time": 5400})
    set_targets(by=company.supplier_head, department=company.it, targets={"resolution_kept": 0.95})
    set_targets(by=company.admin, department=None, targets={"rating_mean": 4.5})

    changes = change_page(changes_for(company.admin))[0][:3]
    assert [
        (change.kind, change.subject, change.by, [(line.label, line.before, line.after) for line in change.lines])
        for change in changes
    ] == [
        ("Figure targets", "The company", "Ada Admin", [("Satisfaction", "", "4.5")]),
        ("Figure targets", "IT Services", "Sofia Supplier", [("Agreement kept", "90.0\u00a0%", "95.0\u00a0%")]),
        ("Figure targets", "IT Services", "Ada Admin",
         [("Resolution", "", "1\u00a0h\u00a030\u00a0min"), ("Agreement kept", "", "90.0\u00a0%")]),
    ]  # fmt: skip
    theirs = change_page(changes_for(company.supplier_head))[0]
    assert [change.subject for change in theirs if change.kind == "Figure targets"] == ["IT Services"] * 2


@database
def test_the_same_again_changes_nothing_and_says_nothing(company):
    for _time in range(2):
        set_targets(by=company.admin, department=company.it, targets={"csat": 0.7})
    assert Event.objects.filter(subject_kind="figure_target").count() == 1


@database
def test_heads_set_their_own_and_nobody_elses(company):
    for person, department in [
        (company.supplier_head, company.sales), (company.supplier_head, None), (company.agent, company.it),
        (company.executive, None), (company.auditor, company.it), (company.requester, company.sales),
    ]:  # fmt: skip
        with pytest.raises(NotAllowed, match="head of a department or an administrator"):
            set_targets(by=person, department=department, targets={"csat": 0.7})
    assert not FigureTarget.objects.exists()


@database
@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("csat", 1.2, "Give a value from 0 to 100 %."),
        ("rating_mean", 0.5, "Give a value from 1 to 5 of 5."),
        ("resolution_time", -1, "Give a value from 0 to 10000 h."),
        ("backlog", float("nan"), "Give a value from 0 to 1e+06 ."),
        ("created", 5, "This figure has no target. Choose one whose direction is lower or higher."),
        ("happiness", 5, "This figure has no target. Choose one whose direction is lower or higher."),
    ],
)
def test_what_cannot_be_reached_is_refused_by_name_and_nothing_is_set(company, key, value, why):
    with pytest.raises(WrongInput) as refusal:
        set_targets(by=company.admin, department=None, targets={"response_kept": 0.9, key: value})
    assert refusal.value.errors == {key: [why]}
    assert not FigureTarget.objects.exists()


@database
def test_a_save_on_what_somebody_else_changed_is_refused(company):
    seen = fingerprint(own_targets(company.it))
    set_targets(by=company.admin, department=company.it, targets={"csat": 0.7})
    with pytest.raises(StaleVersion):
        set_targets(by=company.supplier_head, department=company.it, targets={"csat": 0.6}, based_on=seen)
    assert own_targets(company.it) == {"csat": 0.7}


def test_figures_of_which_neither_more_nor_less_is_better_have_no_target():
    assert {
        key for key in DEFINITIONS if DEFINITIONS[key].direction == Direction.NEITHER
    } == DEFINITIONS.keys() - FIGURES


@given(st.sampled_from(sorted(FIGURES)), st.floats(0, 1))
def test_what_is_typed_comes_back_as_it_was_typed(key, share):
    bounds = bounds_of(FIGURES[key])
    shown = round((bounds.low + share * (bounds.high - bounds.low)) / bounds.factor, 4)
    assert typed(FIGURES[key], stored(FIGURES[key], shown)) == shown
    assert refused(FIGURES[key], stored(FIGURES[key], shown)) == ""
