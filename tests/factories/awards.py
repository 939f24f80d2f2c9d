"""A quarter of requests that IT served well and Facilities badly, a programme, and awards in every stage."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from feedback.awards.days import company_day
from feedback.awards.judging import open_award
from feedback.awards.keeping import save_programme
from feedback.awards.models import Award, Programme
from feedback.awards.services import cast_vote, nominate, take_step
from metrics.facts.models import RequestFact
from requests_app.org.models import Department, Membership, Person
from requests_app.org.services import save_department
from tests.factories.company import Company
from tests.factories.facts import fact

WEIGHTS = {"satisfied": 2, "kept": 2, "praised": 1}
FIRST_FACT = 900_000


def today() -> date:
    return company_day(timezone.now())


def served(
    supplier: Department, customer: Department, good: int, n: int, *, day: date, start: int, **more: Any
) -> Iterator[RequestFact]:
    """So many delivered and rated requests, the first of them kept and rated with 5, the others missed and rated 2."""
    for place in range(n):
        fine = place < good
        values: dict[str, Any] = {
            "first_delivered_day": day, "resolution_decided_day": day, "resolution_kept": fine, "verdict_day": day,
            "accepted_first_time": fine, "response_decided_day": day, "response_kept": fine, "invited_day": day,
            "rated_day": day, "rated_at": timezone.now(), "rated_supplier_id": supplier.pk, "overall": 5 if fine else 2,
            "rater_id": place % 7 + 1, "requester_id": place % 7 + 1,
            "resolution_ws": (3600 if fine else 36000) + place, "outcome": "delivered",
            "left_day": day, "left_at": datetime.combine(day, time(13), UTC),
        }  # fmt: skip
        yield fact(start + place, day, customer=customer.pk, supplier=supplier.pk, **values | more)


def judged_figures(
    company: Company, *, it: int = 58, facilities: int = 30, n: int = 60, third: Department | None = None, ago: int = 20
) -> list[Department]:
    """IT and Facilities with so many good requests of Sales, and a third supplier, Legal, with half of them."""
    legal = third or save_department(by=company.admin, slug="award-legal", name="Award Legal")
    day, rows = today() - timedelta(days=ago), []
    for place, (supplier, good) in enumerate(((company.it, it), (company.facilities, facilities), (legal, n // 2))):
        rows += served(supplier, company.sales, good, n, day=day, start=FIRST_FACT + place * 1000)
    RequestFact.objects.bulk_create(rows)
    return [company.it, company.facilities, legal]


def programme_of(company: Company, **more: Any) -> Programme:
    values: dict[str, Any] = {"name": "Best service", "way": "staff", "tie": "joint", "weights": WEIGHTS}
    return save_programme(by=company.admin, **(values | more))


def opened(company: Company, programme: Programme | None = None, **more: Any) -> Award:
    """Of the last thirty days; nominations for a week, the vote for another."""
    if not RequestFact.objects.filter(pk=FIRST_FACT).exists():
        judged_figures(company)
    day = today()
    values: dict[str, Any] = {
        "first": day - timedelta(days=30), "last": day - timedelta(days=1), "seed": 7,
        "nominate_until": day + timedelta(days=7), "vote_until": day + timedelta(days=14),
    }  # fmt: skip
    return open_award(by=company.admin, programme=programme or programme_of(company), **(values | more))


def crowd_of(department: Department, count: int, name: str = "voter") -> list[Person]:
    people = Person.objects.bulk_create(
        Person(email=f"{name}{number}@example.test", name=f"{name} {number}", password="!") for number in range(count)
    )
    Membership.objects.bulk_create(Membership(person=one, department=department, home=True) for one in people)
    return people


def voting(company: Company, award: Award | None = None) -> Award:
    """The vote is open; there are enough people in Sales for it."""
    if not Person.objects.filter(email="voter0@example.test").exists():
        crowd_of(company.sales, 10)
    return take_step(by=company.admin, award=award or opened(company), name="start_vote")


def nominee_of(award: Award, department: Department) -> int:
    return award.nominees.get(department=department).pk


def counted(company: Company, votes: dict[str, int], award: Award | None = None) -> Award:
    """Voted on by people of Sales, slug → votes, and counted."""
    award = voting(company, award)
    people = iter(Person.objects.filter(email__startswith="voter").order_by("pk"))
    for slug, n in votes.items():
        for _place in range(n):
            chosen = award.nominees.get(department__slug=slug).pk
            cast_vote(by=next(people), award=award, nominee_id=chosen)
    return take_step(by=company.admin, award=award, name="count")


def announced(company: Company, award: Award | None = None) -> Award:
    """IT won by six votes."""
    return take_step(by=company.admin, award=counted(company, {"it": 6}, award), name="announce")


def nominated(company: Company, award: Award) -> Award:
    nominate(by=company.requester, award=award, department=company.it, reason="They call back the same day.")
    return award


def in_every_stage(company: Company, *, third: Department) -> dict[str, Any]:
    """Names for addresses: an award open for nominations, one that is voted on, one that IT won; three years back, so
    that no figure of today holds what it was judged by."""
    ago = 1000
    judged_figures(company, third=third, ago=ago)
    day = today() - timedelta(days=ago)
    stretch = {"first": day - timedelta(days=30), "last": day}
    programme = programme_of(company)
    nominating = opened(company, programme, **stretch)
    voted = opened(company, programme_of(company, name="Voted on"), **stretch)
    take_step(by=company.admin, award=voted, name="start_vote")
    won = opened(company, programme_of(company, name="Won", way="figures"), **stretch)
    take_step(by=company.admin, award=won, name="announce")
    return {
        "award_programme": programme.pk, "award_open": nominated(company, nominating).pk, "award_voting": voted.pk,
        "award_nominee": nominee_of(voted, company.it), "award_won": nominee_of(won, company.it),
    }  # fmt: skip
