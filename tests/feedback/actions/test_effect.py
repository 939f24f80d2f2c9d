"""Did it work: what is counted before and after, what an exact test says of it, and that closing asks why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from feedback.actions.effect import Counted, Effect, Verdict, effect_kept
from feedback.actions.measuring import effect_of
from feedback.actions.models import CorrectiveAction
from feedback.actions.services import take_step
from feedback.actions.states import Metric, SourceKind, Words, usual_metric
from feedback.ratings.models import Rating
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.moves import Words as MoveWords
from requests_app.desk.services.moves import move_request
from requests_app.events.models import Event
from requests_app.kernel.errors import NotAllowed, WrongInput
from tests.factories import deliver, file_laptop
from tests.factories.actions import brought_to, take, words_for
from tests.factories.voices import said

START = datetime(2026, 3, 1, tzinfo=UTC)


def effect(before: tuple[int, int], after: tuple[int, int], *, target: int = 50, over: bool = True) -> Effect:
    then = START + timedelta(days=60)
    month = timedelta(days=30)
    return Effect(
        "complaints", target, Counted(START, START + month, *before), Counted(then, then + month, *after), over
    )


# ── The test of two rates ────────────────────────────────────────────────────


def test_eighteen_in_nine_hundred_against_six_in_eight_hundred_and_fifty_is_more_than_chance():
    found = effect((18, 900), (6, 850))
    assert (round(found.p, 4), round(found.ratio, 4), found.verdict) == (0.0240, 0.3529, Verdict.REACHED)


@pytest.mark.parametrize(
    ("before", "after", "target", "verdict"),
    [
        ((18, 900), (6, 850), 50, "reached"),
        ((18, 900), (6, 850), 70, "short"),
        ((6, 850), (18, 900), 50, "worse"),
        ((0, 850), (18, 900), 50, "worse"),
        ((3, 100), (1, 100), 50, "unsure"),
        ((0, 100), (0, 100), 50, "no_data"),
        ((3, 0), (1, 100), 50, "no_data"),
        ((3, 100), (0, 0), 50, "no_data"),
        ((9, 100), (0, 100), 100, "reached"),
    ],
)
def test_each_pair_of_counts_has_its_verdict(before, after, target, verdict):
    assert effect(before, after, target=target).verdict == verdict


def test_it_is_borne_out_only_when_the_window_is_over_and_the_target_reached():
    found = [effect((18, 900), (6, 850), over=over).bears_out for over in (True, False)]
    assert (found, effect((18, 900), (6, 850), target=70).bears_out) == ([True, False], False)


def test_how_few_would_have_shown_it_is_said_even_when_none_would():
    most = effect((18, 900), (12, 850)).would_show
    assert most == 7
    assert effect((18, 900), (most, 850)).verdict == "reached"
    assert effect((18, 900), (most + 1, 850)).verdict == "unsure"
    assert effect((3, 100), (1, 100)).would_show is None


def test_large_counts_are_tested_as_exactly():
    assert effect((4000, 100_000), (4000, 100_000)).p == pytest.approx(1.0)
    assert effect((4200, 100_000), (3800, 100_000)).p == pytest.approx(8.0e-6, rel=0.05)


def test_what_was_kept_is_read_back_the_same():
    found = effect((18, 900), (6, 850))
    assert effect_kept(found.kept()) == found


@pytest.mark.parametrize(
    ("kind", "metric"), [("rejection", "rejected"), ("rating", "low_ratings"), ("complaint", "complaints"), ("talk", "complaints")]
)  # fmt: skip
def test_it_is_measured_by_more_of_what_it_came_of(kind, metric):
    assert usual_metric(kind) == metric


# ── What is counted ──────────────────────────────────────────────────────────


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


def measured(company, now, metric: str, **more) -> CorrectiveAction:
    """Opened 70 days ago, done 60 days ago, to be checked today: two windows of sixty days."""
    at = now - timedelta(days=70)
    action = brought_to(company, "analysed", at=at, **more)
    words = replace(words_for(company, "plan"), metric=metric, due_on=at.date() + timedelta(days=7))
    action = take_step(by=company.supplier_head, action=action, name="plan", words=words, at=at)
    done = now - timedelta(days=60)
    action = take(company, action, "finish", done)
    return take_step(by=company.customer_head, action=action, name="verify", words=Words(check_days=60), at=done)


def asked(company, now, days_ago: int, **more) -> ServiceRequest:
    found = file_laptop(company, **more)
    ServiceRequest.objects.filter(pk=found.pk).update(created_at=now - timedelta(days=days_ago))
    return found


def counts(action: CorrectiveAction, now) -> list[tuple[int, int]]:
    found = effect_of(action, now)
    return [(one.count, one.of) for one in (found.before, found.after)]


@pytest.mark.django_db
def test_requests_are_counted_among_days_in_two_windows_of_one_length(company, now):
    action = measured(company, now, Metric.REQUESTS)
    for days_ago in (
        140,
        100,
        80,
        65,
        50,
        0,
    ):  # too early, before, before, between, after, as the day of the check begins
        asked(company, now, days_ago)
    (before, of_before), (after, of_after) = counts(action, now)
    assert (before, after) == (2, 1)
    assert of_before == of_after
    found = effect_of(action, now)
    assert found.before.until == action.opened_at
    assert found.after.since == action.done_at


@pytest.mark.django_db
def test_complaints_are_counted_among_requests_without_the_one_it_came_of(company, now):
    voices = [said(company, "complaint", asked(company, now, days_ago)) for days_ago in (100, 90, 50)]
    for voice, days_ago in zip(voices, (100, 90, 50), strict=True):
        _dated(voice.pk, now - timedelta(days=days_ago))
    asked(company, now, 40)
    source = {"source_kind": SourceKind.COMPLAINT, "source_id": voices[1].pk}
    action = measured(company, now, Metric.COMPLAINTS, **source)
    assert counts(action, now) == [(1, 2), (1, 2)]


def _dated(voice: int, at: datetime) -> None:
    """The log is never changed; a complaint of then is written as one of then."""
    row = Event.objects.get(kind="voice.said", subject_id=voice)
    row.pk, row.at = None, at
    row.save(force_insert=True)


@pytest.mark.django_db
def test_confidential_requests_are_in_no_count(company, now):
    action = measured(company, now, Metric.REQUESTS)
    asked(company, now, 50)
    secret = asked(company, now, 50)
    ServiceRequest.objects.filter(pk=secret.pk).update(privacy="confidential")
    assert counts(action, now)[1][0] == 1


@pytest.mark.django_db
def test_deliveries_sent_back_are_counted_among_deliveries(company, now):
    first, second = (deliver(company, file_laptop(company)) for _ in range(2))
    words = {"agreed": "By Monday", "received": "On Friday", "remedy": "A spare one"}
    move_request(by=company.requester, service_request=first, action="reject", words=MoveWords(**words))
    later = now + timedelta(days=40)
    action = measured(company, later, Metric.REJECTED)
    assert counts(action, later) == [(0, 0), (1, 2)]
    assert second.pk != first.pk


@pytest.mark.django_db
def test_low_ratings_are_told_of_five_people_and_only_when_both_windows_are_over(company, now):
    action = measured(company, now, Metric.LOW_RATINGS)
    people = [company.requester, company.customer_head, company.colleague, company.agent]
    for days_ago in (100, 50):
        for person in people:
            _rated(company, person, now - timedelta(days=days_ago), 1)
    assert effect_of(action, now).verdict == "too_few"

    for days_ago, score in ((100, 1), (50, 5)):
        _rated(company, company.stranger, now - timedelta(days=days_ago), score)
    _rated(company, company.stranger, now - timedelta(days=50), 1, share_with_team=False)
    assert counts(action, now) == [(5, 5), (4, 5)]
    assert effect_of(action, action.done_at + timedelta(days=59)).before is None


def _rated(company, person, at: datetime, score: int, **more) -> None:
    Rating.objects.create(**{
        "service_request": file_laptop(company), "person": person, "supplier": company.it, "overall": score,
        "share_with_team": True, "given_at": at, "changed_at": at, "counted_at": at, **more,
    })  # fmt: skip


@pytest.mark.django_db
def test_before_it_is_done_there_is_nothing_to_tell(company):
    assert effect_of(brought_to(company, "planned")) is None


# ── Closing ──────────────────────────────────────────────────────────────────


def close(company, action: CorrectiveAction, now, note: str = "", by=None) -> CorrectiveAction:
    return take_step(by=by or company.customer_head, action=action, name="close", words=Words(note), at=now)


@pytest.mark.django_db
def test_where_the_figure_does_not_bear_it_out_closing_needs_a_reason(company, now):
    action = measured(company, now, Metric.COMPLAINTS)
    with pytest.raises(WrongInput) as refused:
        close(company, action, now)
    assert list(refused.value.errors) == ["note"]
    assert "Nothing was counted" in refused.value.errors["note"][0]
    closed = close(company, action, now, "Nobody asks for this any more.")
    event = Event.objects.get(kind="action.closed")
    assert (closed.state, closed.closed_by, closed.effect["verdict"]) == ("closed", company.customer_head, "no_data")
    assert (event.data["note"], event.data["effect"]) == ("Nobody asks for this any more.", closed.effect)


@pytest.mark.django_db
def test_where_it_does_none_is_needed_and_what_was_known_then_stays(company, now):
    action = measured(company, now, Metric.REQUESTS)
    for _ in range(8):
        asked(company, now, 90)
    closed = close(company, action, now)
    asked(company, now, 50)
    kept = effect_of(CorrectiveAction.objects.get(pk=closed.pk))
    assert (closed.effect["verdict"], kept.before.count, kept.after.count) == ("reached", 8, 0)


@pytest.mark.django_db
def test_neither_its_owner_nor_the_supplier_closes_it(company, now):
    action = measured(company, now, Metric.COMPLAINTS)
    for person in (company.assigned, company.supplier_head, company.requester, company.admin):
        with pytest.raises(NotAllowed):
            close(company, action, now, "It lasted", by=person)


@pytest.mark.django_db
def test_the_database_lets_no_owner_close_and_no_day_get_lost(company, now):
    action = measured(company, now, Metric.COMPLAINTS)
    rows = CorrectiveAction.objects.filter(pk=action.pk)
    for wrong in (
        {"closed_by": action.owner}, {"next_due_on": None}, {"next_due_on": action.check_on + timedelta(days=1)},
        {"metric": ""}, {"metric": "guess"}, {"target_percent": 0}, {"target_percent": 101}, {"done_at": None},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field"), [({"metric": "guess"}, "metric"), ({"target_percent": 0}, "target_percent"), ({"target_percent": 101}, "target_percent")]
)  # fmt: skip
def test_a_plan_names_a_figure_and_a_target_that_there_are(company, change, field):
    action = brought_to(company, "analysed")
    words = replace(words_for(company, "plan"), **change)
    with pytest.raises(WrongInput) as refused:
        take_step(by=company.supplier_head, action=action, name="plan", words=words)
    assert list(refused.value.errors) == [field]


@pytest.mark.django_db
def test_what_a_plan_does_not_say_stays_as_it_was(company):
    action = brought_to(company, "analysed")
    words = words_for(company, "plan")
    said_once = replace(words, metric="rejected", target_percent=80)
    take_step(by=company.supplier_head, action=action, name="plan", words=said_once)
    action = take_step(by=company.supplier_head, action=action, name="plan", words=words)
    assert (action.metric, action.target_percent) == ("rejected", 80)


@pytest.mark.django_db
def test_a_service_named_with_the_cause_lets_the_same_problem_be_recognised(company):
    start = timezone.now() - timedelta(days=20)
    earlier = brought_to(company, "verified", at=start)
    again = brought_to(company, "contained", source_kind=SourceKind.TALK, source_id=7, service=None)
    words = replace(words_for(company, "analyse"), service=company.laptop)
    again = take_step(by=company.supplier_head, action=again, name="analyse", words=words)
    earlier.refresh_from_db()
    assert (again.continues, again.service, earlier.state) == (earlier, company.laptop, "open")


@pytest.mark.django_db
def test_the_service_is_one_of_the_suppliers(company):
    action = brought_to(company, "contained", service=None)
    words = replace(words_for(company, "analyse"), service=company.badge)
    with pytest.raises(WrongInput) as refused:
        take_step(by=company.supplier_head, action=action, name="analyse", words=words)
    assert list(refused.value.errors) == ["service"]


# ── Page and API ─────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_the_page_shows_both_windows_and_a_refused_closing_keeps_its_place(company, now, as_browser):
    action = measured(company, now, Metric.REQUESTS)
    asked(company, now, 90)
    head, address = as_browser(company.customer_head), f"/feedback/actions/{action.pk}/"
    page = head.get(address).content.decode()
    assert "Before and after" in page
    assert "Not borne out" in page
    refused = head.post(f"{address}close/", {})
    assert (refused.status_code, "Say why you close it all the same" in refused.content.decode()) == (400, True)
    assert head.post(f"{address}close/", {"note": "We stopped asking."}).status_code == 302
    assert "We stopped asking." in head.get(address).content.decode()


@pytest.mark.django_db
def test_a_summary_tells_no_figure(company, now, as_browser, as_api):
    action = measured(company, now, Metric.REQUESTS)
    assert (
        "Before and after" not in as_browser(company.executive).get(f"/feedback/actions/{action.pk}/").content.decode()
    )
    answer = as_api(company.executive).get(f"/api/v1/corrective-actions/{action.pk}/").json()
    assert (answer["effect"], answer["metric"]) == (None, "")


@pytest.mark.django_db
def test_the_api_plans_with_a_figure_tells_it_and_closes_with_a_reason(company, now, as_api):
    action = brought_to(company, "analysed")
    plan = {
        "step": "plan", "note": "One list", "owner": company.assigned.email, "metric": "requests", "target_percent": 30,
        "due_on": (now.date() + timedelta(days=5)).isoformat(),
    }  # fmt: skip
    address = f"/api/v1/corrective-actions/{action.pk}/"
    planned = as_api(company.supplier_head).post(f"{address}steps/", plan).json()
    assert (planned["metric"], planned["target_percent"], planned["effect"]) == ("requests", 30, None)
    take(company, CorrectiveAction.objects.get(pk=action.pk), "finish", now)
    told = as_api(company.customer_head).get(address).json()["effect"]
    assert (told["metric"], told["over"], told["verdict"], told["bears_out"]) == ("requests", False, "no_data", False)

    other = measured(company, now, Metric.COMPLAINTS)
    client, steps = as_api(company.customer_head), f"/api/v1/corrective-actions/{other.pk}/steps/"
    assert client.post(steps, {"step": "close"}).status_code == 400
    assert client.post(steps, {"step": "close", "note": "It lasted."}).json()["effect"]["verdict"] == "no_data"


@pytest.mark.django_db
def test_the_api_names_a_service_with_the_cause(company, as_api):
    action = brought_to(company, "contained", service=None)
    steps = f"/api/v1/corrective-actions/{action.pk}/steps/"
    words = {"step": "analyse", "whys": ["Nobody saw it."], "cause": brought_to(company, "analysed").cause_id}
    client = as_api(company.supplier_head)
    assert client.post(steps, words | {"service": "badge"}).status_code in (400, 422)
    assert client.post(steps, words | {"service": company.laptop.slug}).json()["service"] == company.laptop.slug
