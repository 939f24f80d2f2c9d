"""The demo company is loaded once, into an empty database, in demo mode only, and nothing waits afterwards."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.utils import timezone

from feedback.actions.models import ActionFile, CorrectiveAction
from feedback.asking.models import AskingRating
from feedback.awards.models import Award
from feedback.forum.models import Topic
from feedback.forum.selectors import topics_for
from feedback.groups.glances import meetings_of
from feedback.groups.models import GroupTask, JointGroup, Meeting
from feedback.needs.models import Need
from feedback.ratings.models import Rating, RatingReply
from feedback.surveys.models import Campaign
from feedback.talks.models import Talk
from feedback.training.models import Certificate, Recommendation
from feedback.voice.models import Voice
from metrics.capacity.selectors import load_of
from metrics.chain.selectors import map_page
from metrics.dashboards.asked_walls import asked_walls, checks_for
from metrics.facts.models import RequestFact
from metrics.forecast.models import Forecast
from metrics.improvement.models import ImprovementEffect
from metrics.mending.selectors import recurrence
from metrics.rollups.states import DAY, Period, Scope, Side
from metrics.themes.models import RecurringNeed, Theme
from requests_app.desk.models import ServiceRequest
from requests_app.events.models import Delivery
from requests_app.org.models import Department, Membership, Person

ACCOUNTS = ["staff", "agent", "head", "customer-head", "admin", "executive", "auditor"]


@pytest.mark.django_db
def test_a_year_of_life_is_loaded_with_its_figures(capsys, settings):
    settings.CAMPAIGN_AGAIN_AFTER_DAYS = 14  # as it is outside of tests
    call_command("demo")

    requests = ServiceRequest.objects.count()
    assert requests > 5_000
    assert RequestFact.objects.count() == requests
    assert Delivery.objects.filter(subscriber="facts").count() == 0
    assert set(ServiceRequest.objects.values_list("status", flat=True)) == {
        "new", "accepted", "in_progress", "on_hold", "delivered", "closed", "declined", "cancelled",
    }  # fmt: skip
    _what_is_said_and_mended_is_there()
    _figures_and_forecasts_are_there()
    _people_can_sign_in()
    assert "password: demo" in capsys.readouterr().out

    call_command("demo", "--if-empty")
    assert ServiceRequest.objects.count() == requests
    with pytest.raises(CommandError):
        call_command("demo")


def _what_was_not_shared_counts_five_people_at_a_time() -> None:
    rows = Rating.objects.filter(share_with_team=False)
    together = rows.exclude(counted_at=None).values("supplier", "service_request__customer", "counted_at")
    people = together.order_by().annotate(people=Count("person", distinct=True)).values_list("people", flat=True)
    assert len(people) >= 20
    assert min(people) >= 5
    assert rows.filter(counted_at=None).exists()


def _what_is_said_and_mended_is_there() -> None:
    assert set(CorrectiveAction.objects.values_list("state", flat=True)) == {
        "open", "contained", "analysed", "planned", "done", "verified", "closed", "cancelled",
    }  # fmt: skip
    asked = recurrence(Department.objects.get(slug="it"), "supplier")
    assert (asked.n, asked.back) == (3, 1)
    effects = CorrectiveAction.objects.filter(state="closed").values_list("effect__verdict", flat=True)
    assert None not in set(effects)  # which verdicts they are, the year that was made says
    late = CorrectiveAction.objects.filter(state="verified", next_due_on__lt=timezone.localdate())
    assert (late.count(), ActionFile.objects.count()) == (1, 6)
    assert AskingRating.objects.count() >= 20
    _what_was_not_shared_counts_five_people_at_a_time()
    assert RatingReply.objects.filter(side="supplier").exists()
    assert set(Voice.objects.values_list("kind", flat=True)) == {"complaint", "suggestion", "praise"}
    assert sorted(Talk.objects.values_list("state", flat=True)) == ["held"] * 3 + ["planned"] * 2
    assert (Certificate.objects.count(), Recommendation.objects.exists()) == (18, True)
    assert list(Award.objects.order_by("pk").values_list("state", flat=True)) == [
        "announced",
        "nominating",
        "voting",
        "voting",
    ]
    assert Award.objects.get(state="announced").nominees.filter(won=True).count() == 1
    assert set(Need.objects.values_list("state", flat=True)) == {
        "collected", "analysed", "decided", "carried_out", "evaluated", "set_aside",
    }  # fmt: skip
    for model in (Talk, Meeting):
        assert not model.objects.filter(state="planned", starts_at__lt=timezone.now()).exists()
    assert sorted(JointGroup.objects.values_list("state", flat=True)) == ["at_work", "finished"]
    assert set(GroupTask.objects.values_list("state", flat=True)) == {"to_do", "doing", "done"}
    late = GroupTask.objects.exclude(state="done").filter(due_on__lt=timezone.localdate())
    agent = Person.objects.get(email="agent@demo.example")
    assert [task.owner.person for task in late] == [agent]
    assert "planned" in {meeting.state for meeting in meetings_of(agent)}
    assert (Topic.objects.count(), Topic.objects.filter(answer__isnull=False).count()) == (5, 2)
    hidden = topics_for(Person.objects.get(email="head@demo.example"), show="hidden")
    assert [topic.department.slug for topic in hidden] == ["it"]


def _figures_and_forecasts_are_there() -> None:
    assert Forecast.objects.filter(service_id=0, need_type="", verdict="better").exists()
    assert Theme.objects.filter(reading__department_id=Department.objects.get(slug="it").pk).exists()
    assert RecurringNeed.objects.count() > 50
    today = timezone.localdate()
    scope = Scope(
        Side.SUPPLIER, (Department.objects.get(slug="it").pk,), Period(today - timedelta(days=30), today + DAY),
        timezone.now(), ZoneInfo("Europe/Berlin"),
    )  # fmt: skip
    load = load_of(scope)
    assert load.people == 11
    assert 0.5 < load.share < 1.2
    assert list(Campaign.objects.order_by("pk").values_list("state", "anonymous")) == [
        ("closed", True), ("open", True), ("closed", True), ("draft", True), *[("closed", True)] * 3, ("open", True),
        ("closed", False),
    ]  # fmt: skip
    again = Campaign.objects.exclude(follows=None).order_by("pk")
    assert [(one.follows.pk, one.repeat_every, one.rested > 0) for one in again] == [
        (one.pk - 1, 3, one.state == "open") for one in again
    ]  # those who were asked something else six days ago are left in peace by what came last
    executive = Person.objects.get(email="executive@demo.example")
    assert {point.kind for point in map_page(person=executive).points} >= {"one_sided", "demands", "unused"}
    assert len(asked_walls(checks_for(executive, Period(today - timedelta(days=99), today + DAY)))) == 1
    verdicts = set(ImprovementEffect.objects.filter(horizon="first").values_list("verdict", flat=True))
    assert {"improved", "too_early"} <= verdicts  # what is not there by design is no evidence, but for one in twenty


def _people_can_sign_in() -> None:
    people = {name: Person.objects.get(email=f"{name}@demo.example") for name in ACCOUNTS}
    assert all(person.check_password("demo") for person in people.values())
    homes = {name: list(Membership.objects.filter(person=people[name], home=True)
                        .values_list("department__slug", flat=True)) for name in ("staff", "agent", "head")}  # fmt: skip
    assert homes == {"staff": ["sales"], "agent": ["it"], "head": ["it"]}
    assert Department.objects.filter(kind="partner").count() == 1


@pytest.mark.django_db
def test_without_demo_mode_nothing_is_loaded(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demo mode"):
        call_command("demo")
    assert Person.objects.count() == 0
