"""The tree of causes: begun once, changed with history, never deeper than it can be read."""

import pytest

from feedback.actions.causes import add_cause, cause_tree, change_cause, ensure_causes, values_of
from feedback.actions.models import Cause
from requests_app.events.models import Event
from requests_app.kernel.errors import NotAllowed, StaleVersion, WrongInput
from requests_app.kernel.versions import fingerprint

pytestmark = pytest.mark.django_db


def test_it_begins_once_and_stays_as_it_is_changed(company):
    ensure_causes()
    count = Cause.objects.count()
    change_cause(by=company.admin, cause=Cause.objects.get(name="Means"), is_active=False)
    ensure_causes()
    assert (count, Cause.objects.count()) == (16, 16)
    assert len(cause_tree()) == 12  # what is below a closed one is not offered either
    assert len(cause_tree(closed=True)) == 16


def test_paths_name_what_is_above(company):
    top = add_cause(by=company.admin, name="Means")
    add_cause(by=company.admin, name="Tool", parent=top)
    assert [(twig.path, twig.depth) for twig in cause_tree()] == [("Means", 0), ("Means › Tool", 1)]


def test_a_name_stands_once_in_its_place_and_four_steps_are_deep_enough(company):
    parent = None
    for name in "abcd":
        parent = add_cause(by=company.admin, name=name, parent=parent)
    with pytest.raises(WrongInput) as refused:
        add_cause(by=company.admin, name="e", parent=parent)
    assert list(refused.value.errors) == ["parent"]
    with pytest.raises(WrongInput) as refused:
        add_cause(by=company.admin, name="a")
    assert list(refused.value.errors) == ["name"]


def test_changes_are_recorded_and_stale_ones_refused(company):
    cause = add_cause(by=company.admin, name="Means")
    seen = fingerprint(values_of(cause))
    change_cause(by=company.admin, cause=cause, name="Tools", based_on=seen)
    with pytest.raises(StaleVersion):
        change_cause(by=company.admin, cause=cause, name="Gear", based_on=seen)
    after = Event.objects.filter(kind="config.changed", subject_kind="cause").latest("pk").data
    assert (after["before"]["name"], after["after"]["name"]) == ("Means", "Tools")


def test_only_administrators_change_it(company):
    for person in (company.agent, company.supplier_head, company.executive, company.auditor):
        with pytest.raises(NotAllowed):
            add_cause(by=person, name="Mine")
