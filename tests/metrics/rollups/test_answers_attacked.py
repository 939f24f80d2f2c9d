"""Whoever asks for figures of any days, departments and pairs learns nothing of fewer than five people by subtraction."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from feedback.ratings.counting import count_ratings
from feedback.ratings.models import Rating
from feedback.ratings.services import give_rating
from feedback.ratings.states import Answer
from metrics.facts.models import RequestFact
from metrics.rollups.services import recount_stale, refresh_figures
from requests_app.desk.services.filing import Filing, file_request
from tests.factories import accept, deliver, make_person

DAYS = 24
SUPPLIER = "/api/v1/figures/departments/it/supplier/"
CUSTOMER = "/api/v1/figures/departments/{}/customer/"
PERSONAL = ("rating_mean", "csat", "effort", "dimension_empathy")


@pytest.fixture
def said(company):
    """Twelve people of Sales and three of Facilities say something, one a day and pair; nobody shares it."""
    start = timezone.now()
    people = [make_person(f"Seller {place}", company.sales) for place in range(12)]
    few = [make_person(f"Fitter {place}", company.facilities) for place in range(3)]
    rows = {}
    for person in [*people, *few]:
        filing = Filing(title="A laptop", answers={"model": "13 inch"})
        rows[person] = deliver(company, accept(company, file_request(by=person, service=company.laptop, filing=filing)))
    for day in range(DAYS):
        now = start + timedelta(days=day)
        for some in (people, few):
            if day < len(some):
                answer = Answer(day % 5 + 1, {"empathy": 5 - day % 5}, day % 5 + 1)
                give_rating(by=some[day], service_request=rows[some[day]], answer=answer, at=now)
        count_ratings(now=now)
    refresh_figures(request_ids=[row.pk for row in rows.values()])
    recount_stale()
    return start.date()


def figures(client, address: str, first, day: int, **narrowed) -> dict[str, dict]:
    """Of the days from `first` until before the day so many days later."""
    asked = {"from": first.isoformat(), "to": (first + timedelta(days=day)).isoformat(), **narrowed}
    return {figure["key"]: figure for figure in client.get(address, asked).json()["figures"]}


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["supplier_head", "agent", "executive"])
def test_from_day_to_day_nobody_or_five_are_added(company, as_api, said, who):
    client = as_api(getattr(company, who))
    for narrowed in ({}, {"customer": "sales"}, {"customer": "facilities"}):
        for key in PERSONAL:
            counts = [figures(client, SUPPLIER, said, day, **narrowed)[key]["n"] for day in range(1, DAYS + 2)]
            steps = [after - before for before, after in pairwise(counts)]
            assert [step for step in [counts[0], *steps] if 0 < step < 5] == []
            assert counts[-1] == (0 if narrowed.get("customer") == "facilities" else 10)


@pytest.mark.django_db
def test_of_the_customers_the_few_are_what_nobody_is_told(company, as_api, said):
    assert Rating.objects.filter(counted_at=None).count() == 5
    whole = figures(as_api(company.supplier_head), SUPPLIER, said, DAYS + 1)["rating_mean"]
    sales = figures(as_api(company.customer_head), CUSTOMER.format("sales"), said, DAYS + 1)["rating_mean"]
    assert (whole["n"], whole["total"]) == (sales["n"], sales["total"])


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["service", "priority", "need_type", "customer_kind", "channel"])
def test_what_counted_together_is_not_taken_apart(company, as_api, said, name):
    fact = RequestFact.objects.filter(overall__isnull=False).first()
    narrowed = {name: company.laptop.slug if name == "service" else str(getattr(fact, name))}
    found = figures(as_api(company.supplier_head), SUPPLIER, said, DAYS + 1, **narrowed)
    assert found["created"]["n"] == 15
    assert [(found[key]["value"], found[key].get("total")) for key in PERSONAL] == [(None, None)] * len(PERSONAL)
