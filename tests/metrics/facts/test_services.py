import threading

import pytest
from django.db import connection, transaction

from metrics.facts.models import HoldingInterval, OfferFact, RequestFact
from metrics.facts.selectors import Zones, fact_ids_without_history, request_ids_after
from metrics.facts.services import COLUMNS, refresh_facts
from metrics.facts.states import Facts
from requests_app.events.models import Event
from requests_app.org.models import Department
from tests.metrics.story import FINANCE, IT, answered, at, event, filed, offered


def life(office, request_id, log, *more):
    log(request_id, [filed("09:00", calendar=office.pk), *more])


def test_the_columns_of_the_table_are_the_fields_of_the_facts():
    columns = {field.name for field in RequestFact._meta.concrete_fields}

    assert columns == set(COLUMNS)
    assert set(Facts.__dataclass_fields__) <= columns


def test_refresh_facts_stores_facts_intervals_and_offers(office, log):
    life(office, 1, log, event("10:00", "request.accepted"), offered("11:00", FINANCE))

    (change,) = refresh_facts(request_ids=[1])

    fact = RequestFact.objects.get(pk=1)
    assert (fact.supplier_id, fact.acceptance_ws, fact.created_day.isoformat()) == (IT, 3600, "2026-04-08")
    assert list(HoldingInterval.objects.values_list("party", "ws")) == [("nobody", 3600), ("department", None)]
    assert OfferFact.objects.get().receiver_id == FINANCE
    assert (change.before, change.after["request_id"]) == (None, 1)


def test_refresh_facts_twice_changes_nothing(office, log):
    life(office, 1, log, event("10:00", "request.accepted"))
    refresh_facts(request_ids=[1])
    before = RequestFact.objects.values().get(pk=1)

    assert refresh_facts(request_ids=[1, 1]) == []
    assert RequestFact.objects.values().get(pk=1) == before


def test_refresh_facts_replaces_what_no_longer_holds(office, log):
    life(office, 1, log, offered("10:00", FINANCE))
    refresh_facts(request_ids=[1])
    log(1, [answered("11:00", "accepted", FINANCE)])

    (change,) = refresh_facts(request_ids=[1])

    assert (change.before["supplier_id"], change.after["supplier_id"]) == (IT, FINANCE)
    assert [row["outcome"] for row in change.offers_before + change.offers_after] == ["open", "accepted"]
    assert OfferFact.objects.count() == 1
    assert HoldingInterval.objects.filter(request_id=1).count() == 2


def test_a_request_without_a_filing_has_no_facts(office, log):
    log(1, [event("10:00", "request.accepted")])

    assert refresh_facts(request_ids=[1, 2]) == []
    assert RequestFact.objects.count() == 0


def test_facts_of_a_request_that_the_log_does_not_know_are_taken_away(office, log):
    life(office, 1, log)
    refresh_facts(request_ids=[1])
    RequestFact.objects.filter(pk=1).update(request_id=2)

    assert fact_ids_without_history() == [2]
    (change,) = refresh_facts(request_ids=fact_ids_without_history())
    assert (change.before["request_id"], change.after) == (2, None)
    assert RequestFact.objects.count() == 0


def test_requests_are_found_by_id_in_chunks(office, log):
    for request_id in (3, 1, 2):
        life(office, request_id, log)

    assert (request_ids_after(0, 2), request_ids_after(2, 2), request_ids_after(3, 2)) == ([1, 2], [3], [])


def test_a_day_is_that_of_the_suppliers_zone(db):
    tokyo = Department.objects.create(slug="tokyo", name="Tokyo", time_zone="Asia/Tokyo")
    zones = Zones()

    assert zones.day(at("20:00"), tokyo.pk).isoformat() == "2026-04-09"
    assert zones.day(at("20:00"), None).isoformat() == "2026-04-08"
    assert zones.day(None, tokyo.pk) is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_one_request_fold_one_after_the_other(office, log):
    """The second waits until the first has committed, and reads what happened meanwhile."""
    life(office, 1, log)
    found: list[str] = []

    def fold_again() -> None:
        try:
            refresh_facts(request_ids=[1])
            found.append(RequestFact.objects.get(pk=1).outcome)
        finally:
            connection.close()

    with transaction.atomic():
        refresh_facts(request_ids=[1])
        other = threading.Thread(target=fold_again)
        other.start()
        other.join(0.4)
        assert found == []
        Event.objects.create(kind="request.cancelled", subject_kind="request", subject_id=1, at=at("10:00"), data={})
    other.join(10)

    assert found == ["cancelled"]
