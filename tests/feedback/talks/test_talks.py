"""Talks from the data to what was settled: agenda, steps, minutes, tasks, corrective actions."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from feedback.actions.models import CorrectiveAction
from feedback.ratings.models import Rating
from feedback.talks.agenda import points, seen_by
from feedback.talks.models import Talk, TalkItem
from feedback.talks.selectors import notes_values, talk_page
from feedback.talks.services import arrange, change_series, plan_talk, take_step
from feedback.talks.wording import line_of
from feedback.talks.writing import add_point, begin_correction, decide, finish_task, give_task, write_minutes
from requests_app.agreements.models import Agreement
from requests_app.desk.models import ServiceRequest
from requests_app.events.models import Event
from requests_app.kernel.errors import IllegalMove, NotAllowed, StaleVersion, WrongInput
from requests_app.kernel.versions import fingerprint
from tests.factories import file_laptop
from tests.factories.actions import brought_to, opened
from tests.factories.agreements import signed
from tests.factories.chain import declared
from tests.factories.company import make_person
from tests.factories.talks import WEEKLY, arranged, begun, planned, task_at
from tests.factories.voices import said

pytestmark = pytest.mark.django_db


def kinds(topics) -> list[str]:
    return [str(topic.kind) for topic in topics]


def late(company, **more) -> ServiceRequest:
    row = file_laptop(company)
    ServiceRequest.objects.filter(pk=row.pk).update(due_at=timezone.now() - timedelta(hours=3), **more)
    return row


def test_a_series_with_a_rhythm_plans_its_first_talk_and_one_at_will_does_not(company):
    weekly = arranged(company)
    talk = weekly.talks.get()
    assert (talk.state, talk.starts_at.astimezone(timezone.get_current_timezone()).weekday()) == ("planned", 1)
    at_will = arranged(company, "supplier", every_weeks=0)
    assert (at_will.talks.count(), at_will.weekday, at_will.leader) == (0, None, company.sales)
    assert list(Event.objects.filter(kind__startswith="meeting.").order_by("pk").values_list("kind", flat=True)) == [
        "meeting.arranged", "meeting.planned", "meeting.arranged",
    ]  # fmt: skip


def test_only_a_head_of_either_arranges_and_only_once_of_each_kind(company):
    with pytest.raises(NotAllowed):
        arranged(company, by=company.agent)
    arranged(company, by=company.customer_head)
    with pytest.raises(IllegalMove):
        arranged(company)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"weekday": None}, "weekday"), ({"weekday": 7}, "weekday"), ({"at_time": None}, "at_time"),
        ({"every_weeks": 27}, "every_weeks"), ({"minutes": 0}, "minutes"), ({"zone": "Mars/Base"}, "zone"),
    ],
)  # fmt: skip
def test_a_rhythm_that_is_wrong_is_named(company, given, field):
    with pytest.raises(WrongInput) as refused:
        arranged(company, **given)
    assert list(refused.value.errors) == [field]


def test_a_department_does_not_talk_to_itself_and_invites_only_people_of_the_two(company):
    with pytest.raises(WrongInput):
        arranged(company, customer=company.it)
    with pytest.raises(WrongInput):
        arranged(company, people=[company.stranger])


def test_the_database_holds_one_talk_at_a_time(company):
    talk = planned(company)
    with pytest.raises(IntegrityError), transaction.atomic():
        Talk.objects.create(series=talk.series, starts_at=timezone.now())
    with pytest.raises(IllegalMove):
        plan_talk(by=company.supplier_head, series=talk.series, starts_at=timezone.now() + timedelta(days=1))


def test_the_agenda_is_written_from_the_data(company):
    talk = planned(company)
    late(company)
    said(company, "complaint")
    said(company, "praise")
    brought_to(company, "done")
    agreement = signed(company)
    Agreement.objects.filter(pk=agreement.pk).update(valid_to=timezone.now() + timedelta(days=20))
    assert kinds(points(talk.series, timezone.now())) == ["overdue", "voice", "action", "agreement"]


def test_what_the_two_say_differently_is_a_point_for_who_reads_their_words(company):
    talk = planned(company)
    declared(company)

    (topic,) = [topic for topic in points(talk.series, timezone.now()) if topic.kind == "declared"]

    line = line_of(topic)
    assert (line.text, line.url) == ("A named supplier that is not asked", "/relations/it/sales/")
    assert seen_by(company.supplier_head, talk.series, [topic]) == [topic]
    assert seen_by(company.stranger, talk.series, [topic]) == []


def test_a_quiet_week_has_no_points(company):
    file_laptop(company)
    opened(company)
    assert points(planned(company).series, timezone.now()) == []


def test_confidential_requests_are_left_out_for_everybody(company):
    talk = planned(company)
    row = late(company, privacy="confidential")
    brought_to(company, "done", row)
    assert points(talk.series, timezone.now()) == []


def test_a_request_made_confidential_after_the_talk_began_leaves_its_lines(company):
    row = late(company)
    talk = begun(company)
    assert [line.kind for line in talk_page(person=company.agent, pk=talk.pk).agenda] == ["overdue"]
    ServiceRequest.objects.filter(pk=row.pk).update(privacy="confidential")
    assert talk_page(person=company.supplier_head, pk=talk.pk).agenda == []


@pytest.mark.parametrize(("respondents", "expected"), [(4, []), (5, ["rating"])])
def test_ratings_are_summed_up_from_five_respondents(company, respondents, expected):
    talk, now = planned(company), timezone.now()
    for place in range(respondents):
        person = make_person(f"Rater {place}", company.sales)
        Rating.objects.create(
            service_request=file_laptop(company), person=person, supplier=company.it, overall=1 if place == 0 else 4,
            given_at=now, changed_at=now, counted_at=now,
        )  # fmt: skip
    found = points(talk.series, now)
    assert kinds(found) == expected
    assert [topic.data for topic in found] == [{"n": 5, "mean": 3.4, "low": 1}] * len(expected)


def test_each_reader_sees_the_points_they_may_see(company):
    talk = planned(company, people=[company.requester])
    late(company, privacy="private")
    said(company, "complaint")
    topics = points(talk.series, timezone.now())
    seen = {name: kinds(seen_by(getattr(company, name), talk.series, topics)) for name in
            ("supplier_head", "agent", "customer_head", "requester", "executive")}  # fmt: skip
    assert seen == {
        "supplier_head": ["overdue", "voice"], "agent": ["overdue"], "customer_head": ["overdue", "voice"],
        "requester": ["overdue", "voice"], "executive": [],
    }  # fmt: skip


def test_who_is_invited_reads_and_others_do_not(company):
    talk = planned(company, people=[company.requester])
    names = ("requester", "colleague", "agent", "customer_head", "stranger", "admin", "auditor", "executive")
    seen = {name for name in names if Talk.objects.visible_to(getattr(company, name)).filter(pk=talk.pk).exists()}
    assert seen == {"requester", "agent", "customer_head", "auditor", "executive"}


def test_beginning_freezes_the_agenda(company):
    talk = planned(company)
    add_point(by=company.agent, talk=talk, text="The new printer")
    late(company)
    talk = take_step(by=company.customer_head, talk=talk, name="begin")
    late(company)
    assert [line.kind for line in talk_page(person=company.agent, pk=talk.pk).agenda] == ["own", "overdue"]
    with pytest.raises(IllegalMove):
        take_step(by=company.supplier_head, talk=talk, name="begin")
    assert TalkItem.objects.count() == 2


def test_ending_keeps_who_was_there_and_plans_the_next_by_the_rhythm(company):
    talk = planned(company)
    planned_for = talk.starts_at
    take_step(by=company.supplier_head, talk=talk, name="begin")
    take_step(by=company.supplier_head, talk=talk, name="end", present=[company.agent, company.customer_head])
    assert {person.name for person in talk.present.all()} == {"Anton Agent", "Hanna Head"}
    following = talk.series.talks.get(state="planned")
    assert following.starts_at - planned_for == timedelta(weeks=1), "a talk held early stands for the planned one"
    with pytest.raises(WrongInput):
        take_step(by=company.supplier_head, talk=begun(company, "supplier"), name="end", present=[company.stranger])


def test_calling_off_needs_a_reason_and_plans_the_next(company):
    talk = planned(company)
    with pytest.raises(WrongInput):
        take_step(by=company.supplier_head, talk=talk, name="cancel", reason=" ")
    day = timezone.now() + timedelta(days=30)
    talk = take_step(by=company.customer_head, talk=talk, name="cancel", reason="Fair week", starts_at=day)
    assert (talk.state, talk.series.talks.get(state="planned").starts_at) == ("cancelled", day)


def test_a_series_that_ended_plans_nothing_more(company):
    talk = begun(company)
    change_series(by=company.supplier_head, series=talk.series, is_active=False)
    take_step(by=company.supplier_head, talk=talk, name="end")
    assert talk.series.talks.filter(state="planned").count() == 0
    with pytest.raises(IllegalMove):
        plan_talk(by=company.supplier_head, series=talk.series, starts_at=timezone.now() + timedelta(days=1))


def test_a_changed_series_is_refused_when_somebody_saved_before(company):
    series = arranged(company)
    with pytest.raises(StaleVersion):
        change_series(by=company.supplier_head, series=series, based_on="other", minutes=45)
    changed = change_series(by=company.customer_head, series=series, minutes=45, people=[company.requester])
    assert (changed.minutes, changed.people.get()) == (45, company.requester)
    with pytest.raises(NotAllowed):
        change_series(by=company.agent, series=series, minutes=60)


def test_a_talk_is_put_off_by_a_head_and_not_into_the_past(company):
    talk = planned(company)
    later = talk.starts_at + timedelta(days=2)
    assert take_step(by=company.customer_head, talk=talk, name="shift", starts_at=later).starts_at == later
    for wrong in (None, timezone.now() - timedelta(days=3)):
        with pytest.raises(WrongInput):
            take_step(by=company.customer_head, talk=talk, name="shift", starts_at=wrong)
    with pytest.raises(StaleVersion):
        take_step(by=company.customer_head, talk=talk, name="begin", expected_version=1)
    with pytest.raises(NotAllowed):
        take_step(by=company.agent, talk=talk, name="begin")


def test_each_side_writes_its_own_minutes_and_two_typists_lose_nothing(company):
    talk = begun(company)
    based_on = fingerprint(notes_values(talk, "supplier"))
    write_minutes(by=company.agent, talk=talk, side="supplier", text="Ours", based_on=based_on)
    write_minutes(by=company.customer_head, talk=talk, side="customer", text="Theirs")
    with pytest.raises(StaleVersion):
        write_minutes(by=company.supplier_head, talk=talk, side="supplier", text="Mine", based_on=based_on)
    with pytest.raises(NotAllowed):
        write_minutes(by=company.agent, talk=talk, side="customer", text="Not ours")
    talk.refresh_from_db()
    assert (talk.notes_supplier, talk.notes_customer) == ("Ours", "Theirs")


def test_minutes_are_completed_in_the_week_after_and_not_later(company):
    talk = take_step(by=company.supplier_head, talk=begun(company), name="end")
    decide(by=company.agent, talk=talk, text="One list for both")
    later = timezone.now() + timedelta(days=8)
    for write in (
        lambda: write_minutes(by=company.agent, talk=talk, side="supplier", text="Late", at=later),
        lambda: decide(by=company.agent, talk=talk, text="Late", at=later),
        lambda: add_point(by=company.agent, talk=talk, text="Late"),
    ):
        with pytest.raises(IllegalMove):
            write()


def test_a_task_has_an_owner_of_the_two_and_a_day_and_is_left_on_the_next_agenda(company):
    talk = begun(company)
    task = task_at(company, talk)
    for wrong, field in (({"owner": company.stranger}, "owner"), ({"due_on": None}, "due_on")):
        with pytest.raises(WrongInput) as refused:
            task_at(company, talk, **wrong)
        assert list(refused.value.errors) == [field]
    take_step(by=company.supplier_head, talk=talk, name="end")
    assert kinds(points(talk.series, timezone.now())) == ["task_left"]
    with pytest.raises(NotAllowed):
        finish_task(by=company.assigned, item=task)
    for _again in range(2):
        finish_task(by=company.agent, item=task)
    assert points(talk.series, timezone.now()) == []
    assert Event.objects.filter(kind="meeting.task_done").count() == 1


def test_a_decision_is_no_task(company):
    decision = decide(by=company.agent, talk=begun(company), text="One list")
    with pytest.raises(IllegalMove):
        finish_task(by=company.supplier_head, item=decision)


@pytest.mark.parametrize(("by", "opened_by"), [("supplier_head", "supplier_head"), ("customer_head", None)])
def test_a_corrective_action_of_the_supplier_begins_in_the_talk(company, by, opened_by):
    item = begin_correction(by=getattr(company, by), talk=begun(company), text="Deliveries without a note")
    action = CorrectiveAction.objects.get()
    assert (action.source_kind, action.source_id, action.supplier, action.customer) == (
        "talk", item.pk, company.it, company.sales,
    )  # fmt: skip
    assert (item.corrective_action, action.opened_by) == (action, getattr(company, opened_by) if opened_by else None)
    with pytest.raises(NotAllowed):
        begin_correction(by=company.agent, talk=item.talk, text="x")


def test_only_the_two_departments_write(company):
    talk = begun(company)
    for by in (company.executive, company.stranger):
        with pytest.raises(NotAllowed):
            add_point(by=by, talk=talk, text="x")
    assert arrange(
        by=company.customer_head, supplier=company.facilities, customer=company.sales, kind="supplier", **WEEKLY
    ).talks.exists()
    with pytest.raises(WrongInput):
        give_task(by=company.agent, talk=talk, text="x", owner=None, due_on=None)


def test_a_talk_begun_before_its_time_is_held_now_and_never_on_a_day_to_come(company):
    now = timezone.now()
    talk = planned(company)
    before = talk.starts_at
    talk = take_step(by=company.supplier_head, talk=talk, name="begin", at=now)
    told = Event.objects.get(kind="meeting.begun").data
    assert (before > now, talk.starts_at, talk.version) == (True, now.replace(second=0, microsecond=0), 2)
    assert (told["before"], told["starts_at"]) == (before.isoformat(), talk.starts_at.isoformat())


def test_a_talk_begun_after_its_time_keeps_it(company):
    talk = planned(company)
    later = talk.starts_at + timedelta(minutes=10)
    begun_late = take_step(by=company.supplier_head, talk=talk, name="begin", at=later)
    assert (begun_late.starts_at, begun_late.begun_at) == (talk.starts_at, later)
