"""What-if of the agreement that was in force says what the supplier's dashboard says of the same customer and days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from metrics.facts.models import RequestFact
from metrics.rollups.services import recount_stale, refresh_figures
from metrics.whatif import services
from requests_app.agreements.models import Agreement
from requests_app.agreements.terms import Terms
from requests_app.calendars.services import create_calendar, revise_calendar
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.assignment import assign_request, reprioritise_request
from requests_app.desk.services.conversation import post_message
from requests_app.desk.services.handoffs import accept_handoff, offer_handoff
from requests_app.desk.services.moves import Words, move_request
from tests.factories import file_laptop
from tests.factories.agreements import signed

pytestmark = pytest.mark.django_db
HOUR = 3600
START = datetime(2026, 3, 26, 8, tzinfo=UTC)  # a Thursday; the clocks change on Sunday
DAYS = {"first": date(2026, 3, 1), "last": date(2026, 4, 30)}
LEVELS = range(1, 6)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


@pytest.fixture
def agreement(company) -> Agreement:
    """In force since long before, by a calendar of its own, with more reasons to pause than usual."""
    office = create_calendar(
        by=company.admin, name="Office", zone="Europe/Berlin", weekly=[[["09:00", "17:00"]]] * 5 + [[], []]
    )
    terms = Terms(
        targets={
            "response": {level: (4 - level // 2) * HOUR for level in LEVELS},
            "acceptance": dict.fromkeys(LEVELS, 4 * HOUR),
            "resolution": {level: 4 * level * HOUR for level in LEVELS},
        },
        pausing=("customer", "part"),
        calendar=office,
    )
    found = signed(company, terms)
    Agreement.objects.filter(pk=found.pk).update(valid_from=at(-24 * 30))
    return found


class Work:
    """One request, filed so many hours after the start and worked on step by step."""

    def __init__(self, company, hours: float) -> None:
        self.company, self.began = company, hours
        self.row = file_laptop(company, at=at(hours), urgency=1, impact=3)  # priority 3

    def move(self, action: str, hours: float, *, by=None, **words) -> "Work":
        by = by or (self.company.requester if action in ("confirm", "cancel", "reopen") else self.company.assigned)
        if action == "reopen":  # by that it can be reopened still
            ServiceRequest.objects.filter(pk=self.row.pk).update(closed_at=timezone.now())
        move_request(by=by, service_request=self.row, action=action, words=Words(**words), at=at(self.began + hours))
        return self

    def reprioritise(self, hours: float) -> "Work":
        reprioritise_request(
            by=self.company.supplier_head, service_request=self.row, urgency=1, impact=1, reason="It stops the line.",
            at=at(self.began + hours),
        )  # fmt: skip
        return self

    def say(self, hours: float) -> "Work":
        post_message(by=self.company.assigned, service_request=self.row, body="Seen", at=at(self.began + hours))
        return self

    def assign(self, hours: float) -> "Work":
        assign_request(
            by=self.company.supplier_head,
            service_request=self.row,
            assignee=self.company.assigned,
            at=at(self.began + hours),
        )
        return self


def worked(company) -> list[Work]:
    """Every kind of life: kept, late, waiting for reasons that pause or do not, sent back, reopened, given up, open."""
    again = {"agreed": "A laptop", "received": "Half of it", "remedy": "The rest"}
    return [
        Work(company, 0).move("accept", 1).move("deliver", 3).move("confirm", 4),
        Work(company, 1).move("accept", 30).move("deliver", 120),
        Work(company, 2).move("accept", 1).move("hold", 2, hold_reason="part").move("resume", 100).move("deliver", 104),
        Work(company, 3).move("accept", 1).move("hold", 2, hold_reason="other").move("resume", 100).move("deliver", 104),
        Work(company, 4).move("accept", 1).move("deliver", 2).move("reject", 96, by=company.requester, **again).move("deliver", 99),
        Work(company, 24).say(1).move("cancel", 3, reason="Not needed"),
        Work(company, 25).move("cancel", 200, reason="Too late"),
        Work(company, 26).move("accept", 1).reprioritise(2).move("deliver", 80),
        Work(company, 27).assign(1),
        Work(company, 28).move("accept", 1).move("deliver", 2).move("confirm", 3).move("reopen", 90, reason="It broke").move("deliver", 92),
    ]  # fmt: skip


def counted(works: list[Work]) -> None:
    refresh_figures(request_ids={work.row.pk for work in works})
    recount_stale()


def shown(client) -> dict:
    first, after = DAYS["first"], DAYS["last"] + timedelta(days=1)
    said = client.get(f"/api/v1/figures/departments/it/supplier/?from={first}&to={after}&customer=sales")
    return {figure["key"]: figure for figure in said.data["figures"]}


def test_it_comes_to_what_the_figures_show(company, agreement, as_api):
    works = worked(company)
    counted(works)
    run = services.ask(by=company.supplier_head, agreement=agreement, **DAYS)
    figures = shown(as_api(company.supplier_head))
    for measure in ("response", "resolution"):
        tally, figure = run.result["measures"][measure], figures[f"{measure}_kept"]
        assert (tally["n"], tally["kept"]) == (figure["n"], figure["total"])
        assert (tally["share"], tally["low"], tally["high"]) == (figure["value"], figure["low"], figure["high"])
    assert {m: (t["kept"], t["missed"]) for m, t in run.result["measures"].items()} == {
        "response": (7, 3), "acceptance": (7, 2), "resolution": (4, 5),
    }  # fmt: skip
    assert (run.result["n"], run.result["flips_in_all"]) == (figures["created"]["n"], 0) == (10, 0)


def test_it_says_of_each_measure_what_the_facts_hold(company, agreement):
    counted(worked(company))
    run = services.ask(by=company.supplier_head, agreement=agreement, **DAYS)
    for measure, tally in run.result["measures"].items():
        plain = {key: value for key, value in tally.items() if key in tally["was"]}
        assert plain == tally["was"], measure
        for part in ("by_priority", "by_service", "by_month"):
            assert sum(pair["kept"] for pair in tally[part].values()) == tally["kept"]
            assert sum(pair["missed"] for pair in tally[part].values()) == tally["missed"]


def test_hours_that_changed_since_do_not_change_the_past(company, agreement):
    counted(worked(company))
    before = services.ask(by=company.supplier_head, agreement=agreement, **DAYS)
    everyday = [[["06:00", "22:00"]]] * 7
    revise_calendar(by=company.admin, calendar=agreement.calendar, weekly=everyday, reason="We open longer")
    after = services.ask(by=company.supplier_head, agreement=agreement, **DAYS)
    assert after.result == before.result


def test_a_request_that_was_handed_over_counts_for_whom_it_was_filed_with(company, agreement):
    work = Work(company, 0).move("accept", 1)
    offer = offer_handoff(
        by=company.assigned, service_request=work.row, to=company.facilities, reason="Yours", at=at(2)
    )
    accept_handoff(by=company.other_agent, handoff=offer, at=at(3))
    counted([work])
    run = services.ask(by=company.supplier_head, agreement=agreement, **DAYS)
    assert RequestFact.objects.get().supplier_id == company.facilities.pk
    assert (run.result["n"], run.result["flips_in_all"]) == (1, 0)
