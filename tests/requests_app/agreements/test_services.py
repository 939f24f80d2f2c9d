"""Targets and matrices: the more specific wins, versions follow each other, the past stays."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from requests_app.agreements.models import Agreement, PriorityMatrix
from requests_app.agreements.selectors import (
    agreements_in_force,
    pausing_reasons,
    priority_of,
    promise_for,
    specificity,
)
from requests_app.agreements.services import ensure_company_default, set_matrix, set_targets
from requests_app.agreements.states import DEFAULT_MATRIX
from requests_app.events.models import Event
from requests_app.kernel.errors import NotAllowed, WrongInput

HOUR = 3600


def resolution(seconds: int) -> dict:
    return {"resolution": {3: seconds}}


def promised(company, *, at=None, service=None):
    found = promise_for(
        customer_id=company.sales.pk,
        supplier_id=company.it.pk,
        service_id=(service or company.laptop).pk,
        priority=3,
        at=at or timezone.now() + timedelta(seconds=1),
    )
    return found["resolution"]


def test_the_more_specific_wins_in_the_stated_order(company):
    by = company.admin
    steps = [
        ({}, 24, "the company's default"),
        ({"supplier": company.it}, 20, "the supplier's own default"),
        ({"supplier": company.it, "customer": company.sales}, 16, "agreed between these two departments"),
        ({"supplier": company.it, "service": company.laptop}, 12, "agreed with all customers for this service"),
        (
            {"supplier": company.it, "customer": company.sales, "service": company.laptop}, 8,
            "agreed between these two departments for this service",
        ),
    ]  # fmt: skip
    for parties, hours, rule in steps:
        set_targets(by=by, targets=resolution(hours * HOUR), **parties)
        assert (promised(company).time, promised(company).rule) == (hours * HOUR, rule)


def test_a_measure_left_out_is_taken_from_the_less_specific(company):
    set_targets(by=company.supplier_head, supplier=company.it, targets=resolution(HOUR))

    found = promise_for(
        customer_id=company.sales.pk, supplier_id=company.it.pk, service_id=company.laptop.pk, priority=3,
        at=timezone.now() + timedelta(seconds=1),
    )  # fmt: skip

    assert (found["resolution"].time, found["response"].time) == (HOUR, 4 * HOUR)


def test_the_past_keeps_the_version_that_was_in_force(company):
    now = timezone.now()
    set_targets(by=company.admin, supplier=company.it, targets=resolution(HOUR), valid_from=now - timedelta(days=10))
    set_targets(by=company.admin, supplier=company.it, targets=resolution(2 * HOUR), valid_from=now - timedelta(days=5))

    assert promised(company, at=now - timedelta(days=7)).time == HOUR
    assert promised(company, at=now - timedelta(days=5)).time == 2 * HOUR
    assert (promised(company).version, promised(company).time) == (2, 2 * HOUR)


def test_a_version_cannot_begin_before_the_one_in_force(company):
    set_targets(by=company.admin, supplier=company.it, targets=resolution(HOUR))
    with pytest.raises(WrongInput) as refusal:
        set_targets(
            by=company.admin, supplier=company.it, targets=resolution(HOUR),
            valid_from=timezone.now() - timedelta(days=1),
        )  # fmt: skip
    assert list(refusal.value.errors) == ["valid_from"]


def test_the_database_refuses_two_agreements_in_force_for_the_same_parties(company):
    now = timezone.now()
    Agreement.objects.create(supplier=company.it, valid_from=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(supplier=company.it, version=2, valid_from=now + timedelta(days=1))


def test_heads_set_the_defaults_of_their_own_department_only(company):
    set_targets(by=company.supplier_head, supplier=company.it, targets=resolution(HOUR))
    for by, supplier in [(company.supplier_head, None), (company.other_head, company.it), (company.agent, company.it)]:
        with pytest.raises(NotAllowed):
            set_targets(by=by, supplier=supplier, targets=resolution(HOUR))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"targets": {}}, "targets"),
        ({"targets": {"happiness": {3: HOUR}}}, "targets"),
        ({"targets": {"resolution": {6: HOUR}}}, "resolution_6"),
        ({"targets": {"resolution": {3: 59}}}, "resolution_3"),
        ({"targets": {"resolution": {3: 366 * 24 * HOUR}}}, "resolution_3"),
        ({"targets": resolution(HOUR), "pausing": ("boredom",)}, "pausing"),
        ({"targets": resolution(HOUR), "acceptance_days": 0}, "acceptance_days"),
        ({"targets": resolution(HOUR), "acceptance_days": 61}, "acceptance_days"),
    ],
)
def test_targets_that_make_no_sense_are_refused_by_field(company, values, field):
    with pytest.raises(WrongInput) as refusal:
        set_targets(by=company.admin, supplier=company.it, **values)
    assert list(refusal.value.errors) == [field]


def test_a_change_is_recorded(company):
    set_targets(by=company.admin, supplier=company.it, targets=resolution(HOUR))

    event = Event.objects.filter(kind="config.changed", subject_kind="agreement").last()
    assert event.actor_id == company.admin.pk
    assert event.data["after"]["targets"] == {"resolution": {"3": HOUR}}


def test_the_company_default_is_made_once(company):
    before = Agreement.objects.count()
    ensure_company_default()
    assert Agreement.objects.count() == before


def test_what_pauses_follows_the_agreement(company):
    set_targets(by=company.admin, supplier=company.it, targets=resolution(HOUR), pausing=("customer", "third_party"))

    assert pausing_reasons({"resolution": promised(company)}) == ("customer", "third_party")
    assert pausing_reasons({}) == ("customer",)


def test_agreements_in_force_are_listed_company_first(company):
    set_targets(by=company.admin, supplier=company.it, targets=resolution(HOUR))

    rows = list(agreements_in_force(at=timezone.now() + timedelta(seconds=1)))

    assert [row.supplier for row in rows] == [None, company.it]


@given(st.booleans(), st.booleans(), st.booleans())
def test_specificity_orders_service_before_customer_before_supplier(customer, supplier, service):
    rank = specificity(
        customer_id=1 if customer else None, supplier_id=1 if supplier else None, service_id=1 if service else None
    )
    assert rank == int(f"{int(service)}{int(customer)}{int(supplier)}", 2)


def test_without_a_matrix_the_usual_one_holds(company):
    found = {
        urgency: {
            impact: priority_of(supplier_id=company.it.pk, urgency=urgency, impact=impact) for impact in (1, 2, 3)
        }
        for urgency in (1, 2, 3)
    }
    assert found == DEFAULT_MATRIX


def test_the_suppliers_matrix_wins_over_the_companys(company):
    ones = {urgency: dict.fromkeys((1, 2, 3), 1) for urgency in (1, 2, 3)}
    twos = {urgency: dict.fromkeys((1, 2, 3), 2) for urgency in (1, 2, 3)}
    set_matrix(by=company.admin, cells=twos)
    assert priority_of(supplier_id=company.it.pk, urgency=3, impact=3) == 2
    set_matrix(by=company.supplier_head, cells=ones, department=company.it)
    assert priority_of(supplier_id=company.it.pk, urgency=3, impact=3) == 1
    assert priority_of(supplier_id=company.facilities.pk, urgency=3, impact=3) == 2


def test_a_matrix_is_changed_in_place_and_the_change_recorded(company):
    ones = {urgency: dict.fromkeys((1, 2, 3), 1) for urgency in (1, 2, 3)}
    set_matrix(by=company.admin, cells=ones)
    set_matrix(by=company.admin, cells=DEFAULT_MATRIX)

    assert PriorityMatrix.objects.count() == 1
    assert Event.objects.filter(subject_kind="matrix").last().data["before"]["3"]["3"] == 1


@pytest.mark.parametrize(
    "cells",
    [{}, {1: {1: 1}}, {urgency: dict.fromkeys((1, 2, 3), 6) for urgency in (1, 2, 3)}],
    ids=["empty", "partial", "priority 6"],
)
def test_a_matrix_needs_all_nine_cells_from_1_to_5(company, cells):
    with pytest.raises(WrongInput):
        set_matrix(by=company.admin, cells=cells)


def test_the_company_matrix_is_the_admins(company):
    with pytest.raises(NotAllowed):
        set_matrix(by=company.supplier_head, cells=DEFAULT_MATRIX)
