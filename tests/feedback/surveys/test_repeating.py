"""Campaigns that come again by themselves."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from feedback.surveys.models import Campaign
from feedback.surveys.repeating import repeat_campaigns
from feedback.surveys.rhythm import next_after, occurrence
from feedback.surveys.services import sweep_campaigns, take_step
from feedback.surveys.states import Unit
from requests_app.events.models import Event
from requests_app.kernel.errors import IllegalMove, NotAllowed, WrongInput
from tests.factories.surveys import crowd, prepared, survey_of

MONDAY = date(2026, 3, 2)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Europe/Berlin"))


def weekly(company, **more) -> Campaign:
    """Of Sales, every four weeks for a week from Monday on."""
    crowd(company.sales, 5)
    values = {"opens_on": MONDAY, "closes_on": MONDAY + timedelta(days=6), "repeat_every": 4, "repeat_unit": "weeks"}
    return prepared(company, now=noon(MONDAY), **(values | more))


def live(day: date) -> list[tuple]:
    repeat_campaigns(now=noon(day))
    sweep_campaigns(now=noon(day))
    return list(Campaign.objects.order_by("pk").values_list("opens_on", "state"))


def test_a_month_without_that_day_has_its_last_and_the_next_has_the_day_again():
    days = [occurrence(date(2027, 1, 31), 1, Unit.MONTHS, number) for number in range(4)]
    assert days == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]
    assert occurrence(date(2026, 11, 30), 3, Unit.MONTHS, 1) == date(2027, 2, 28)
    assert next_after(date(2027, 1, 31), 1, Unit.MONTHS, date(2027, 2, 28)) == date(2027, 3, 31)
    assert next_after(MONDAY, 2, Unit.WEEKS, MONDAY) == date(2026, 3, 16)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 52), st.sampled_from(Unit.values))
def test_occurrences_only_go_forward(first, every, unit):
    days = [occurrence(first, every, unit, number) for number in range(5)]
    assert days == sorted(set(days))
    assert next_after(first, every, unit, days[2]) == days[3]


@pytest.mark.django_db
def test_each_occurrence_is_a_campaign_of_its_own_made_once(company):
    weekly(company, title="Pulse", remind_after_days=3)
    assert live(MONDAY) == [(MONDAY, "open")]
    assert live(MONDAY + timedelta(days=27)) == [(MONDAY, "closed")]
    second = MONDAY + timedelta(weeks=4)
    for _again in range(2):
        assert live(second) == [(MONDAY, "closed"), (second, "open")]
    old, new = Campaign.objects.order_by("pk")
    assert (new.follows, new.title, new.closes_on, new.remind_after_days, list(new.departments.all())) == (
        old, "Pulse", second + timedelta(days=6), 3, [company.sales],
    )  # fmt: skip
    assert new.invitations.count() == old.invitations.count()
    drafted = Event.objects.filter(kind="campaign.drafted").order_by("pk").values_list("data__follows", "actor_id")
    assert list(drafted) == [(None, company.supplier_head.pk), (old.pk, None)]


@pytest.mark.django_db
def test_what_was_slept_through_is_left_out(company):
    weekly(company)
    live(MONDAY)
    tenth = MONDAY + timedelta(weeks=40)
    assert live(tenth + timedelta(days=2)) == [(MONDAY, "closed"), (tenth, "open")]


@pytest.mark.django_db
def test_it_is_stopped_where_it_stands(company):
    campaign = weekly(company)
    live(MONDAY)
    live(MONDAY + timedelta(weeks=4))
    new = Campaign.objects.get(follows=campaign)
    with pytest.raises(IllegalMove):
        take_step(by=company.supplier_head, campaign=campaign, step="stop")
    with pytest.raises(NotAllowed):
        take_step(by=company.customer_head, campaign=new, step="stop")
    take_step(by=company.supplier_head, campaign=new, step="stop")
    assert repeat_campaigns(now=noon(MONDAY + timedelta(weeks=8))) == 0
    assert Event.objects.filter(kind="campaign.stopped").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"repeat_every": 1, "closes_on": MONDAY + timedelta(days=7)}, "repeat_every"),
        ({"repeat_every": 0}, "repeat_every"),
        ({"repeat_every": 53}, "repeat_every"),
        ({"repeat_unit": "days"}, "repeat_unit"),
    ],
    ids=["it overlaps", "never", "too rarely", "no such unit"],
)
def test_a_rhythm_that_does_not_work_is_named(company, values, field):
    with pytest.raises(WrongInput) as refused:
        weekly(company, **values)
    assert list(refused.value.errors) == [field]


@pytest.mark.django_db
def test_nothing_follows_twice_and_no_rhythm_is_half(company):
    campaign = weekly(company)
    live(MONDAY)
    live(MONDAY + timedelta(weeks=4))
    other = prepared(company)
    for pk, wrong in ((other.pk, {"follows": campaign}), (campaign.pk, {"repeat_every": None})):
        with pytest.raises(IntegrityError), transaction.atomic():
            Campaign.objects.filter(pk=pk).update(**wrong)


@pytest.mark.django_db
def test_on_page_and_api_the_rhythm_is_chosen_told_and_stopped(company, as_browser, as_api):
    crowd(company.sales, 5)
    survey = survey_of(company)
    head = as_browser(company.supplier_head)
    closes = prepared(company, survey).closes_on.isoformat()
    typed = {"title": "Pulse", "anonymous": "yes", "departments": ["sales"], "closes_on": closes}
    typed |= {"repeat_every": "3", "repeat_unit": "months"}
    there = head.post(f"/feedback/surveys/{survey.pk}/campaigns/new/", typed)["Location"]
    page = head.get(there).content.decode()
    assert ("every 3 months" in page, "Let it not come again" in page) == (True, True)
    body = {"title": "Pulse", "departments": ["sales"], "closes_on": closes, "repeat_every": 5, "repeat_unit": "weeks"}
    api = as_api(company.supplier_head)
    made = api.post(f"/api/v1/surveys/{survey.pk}/campaigns/", body).json()
    assert (made["repeat_every"], made["repeat_unit"], made["steps"]) == (5, "weeks", ["open", "stop"])
    stopped = api.post(f"/api/v1/campaigns/{made['id']}/steps/", {"step": "stop"}).json()
    assert (stopped["repeat_every"], stopped["repeat_unit"], stopped["steps"]) == (None, "", ["open"])
