"""What is read of training: by whom, under whose name, where it waits, what is recommended, on which charts it stands."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.actions.causes import add_cause
from feedback.actions.services import take_step
from feedback.actions.states import Words
from feedback.training import selectors
from feedback.training.coverage import coverage_by_department, coverage_of
from feedback.training.invitations import write_ics
from feedback.training.models import Certificate, Recommendation
from feedback.training.recommending import recommend_after
from feedback.training.services import end_recommendation, sign_up
from metrics.charts.marks import marks_on
from metrics.charts.states import Subject
from metrics.rollups.states import Period
from requests_app.events.models import Event
from requests_app.events.services import deliver
from requests_app.kernel.errors import NotAllowed
from requests_app.messaging.services import send_waiting
from requests_app.org.services import save_department
from tests.factories import make_person
from tests.factories.actions import opened
from tests.factories.training import attended, begun, certified, course_of, session_of

pytestmark = pytest.mark.django_db


def names_on(company, person, session) -> list[str]:
    page = selectors.session_page(person=person, pk=session.pk)
    return [one.name.split()[0] for one in page.sittings]


def test_heads_read_their_own_people_by_name_trainers_all_others_only_themselves(company):
    session = session_of(company, seats=5)
    for person in (company.requester, company.colleague, company.watcher):
        sign_up(by=person, session=session)
    read = {
        "trainer": names_on(company, company.agent, session),
        "holder": names_on(company, company.supplier_head, session),
        "head of two": names_on(company, company.customer_head, session),
        "head of one": names_on(company, company.other_head, session),
        "who sits": names_on(company, company.requester, session),
        "stranger": names_on(company, company.stranger, session),
    }
    assert read == {
        "trainer": ["Rita", "Cora", "Wanda"], "holder": ["Rita", "Cora", "Wanda"], "head of two": ["Rita", "Cora"],
        "head of one": ["Wanda"], "who sits": ["Rita"], "stranger": [],
    }  # fmt: skip


def test_coverage_counts_current_members_with_a_certificate_that_still_holds(company):
    course = course_of(company)
    certified(company, company.requester, course)
    expired = certified(company, company.colleague, course).certificate
    Certificate.objects.filter(pk=expired.pk).update(
        valid_until=timezone.localdate() - timedelta(days=1), attended_on=timezone.localdate() - timedelta(days=700)
    )
    cover = coverage_of(company.customer_head, company.sales)[0]
    assert (cover.n, cover.of, cover.share) == (1, 3, 1 / 3)
    assert [(one.name, one.until is not None) for one in cover.people] == [
        ("Cora Colleague", False), ("Hanna Head", False), ("Rita Requester", True),
    ]  # fmt: skip
    company.requester.is_active = False
    company.requester.save()
    left = coverage_of(company.customer_head, company.sales)[0]
    assert (left.n, left.of) == (0, 2)


def test_of_fewer_than_five_people_only_their_head_reads_the_number(company):
    course = course_of(company)
    certified(company, company.requester, course)
    assert [(one.department.slug, one.n, one.of) for one in coverage_by_department(company.stranger, course)] == [
        ("facilities", None, 4), ("it", None, 3), ("sales", None, 3),
    ]  # fmt: skip
    make_person("Fifth Person", company.facilities)
    shown = {one.department.slug: one for one in coverage_by_department(company.executive, course)}
    assert (shown["facilities"].n, shown["facilities"].of, shown["facilities"].people) == (0, 5, [])
    assert shown["sales"].n is None


def test_the_test_is_read_without_its_answers_and_by_nobody_else(company):
    signup = attended(company)
    page = selectors.exam_page(person=company.requester, pk=signup.pk)
    assert page.questions[0] == {
        "place": 0, "text": "Who decides whether a delivery is right?", "kind": "single",
        "options": ["The supplier", "The customer"],
    }  # fmt: skip
    for person in (company.colleague, company.agent, company.supplier_head):
        with pytest.raises(Http404):
            selectors.exam_page(person=person, pk=signup.pk)


def test_a_certificate_is_for_whose_it_is_and_who_leads_them(company):
    pk = certified(company).certificate.pk
    for person in (company.requester, company.customer_head):
        assert selectors.readable_certificate(person=person, pk=pk).person == company.requester
    for person in (company.colleague, company.supplier_head, company.agent, company.admin):
        with pytest.raises(Http404):
            selectors.readable_certificate(person=person, pk=pk)


def test_what_waits_is_recorded_by_the_trainer_then_tested_by_who_was_there(company):
    session = session_of(company)
    sign_up(by=company.requester, session=session)
    kinds = lambda person: [row[0] for row in selectors.waiting_for(person).rows]  # noqa: E731
    assert (kinds(company.agent), kinds(company.requester)) == ([], [])
    begun(session)
    assert (kinds(company.agent), kinds(company.requester)) == (["record"], [])
    attended(company, course=session.course)
    assert kinds(company.requester) == ["test"]


def analysed(company, service_request, cause) -> Event:
    action = opened(company, service_request)
    take_step(by=company.supplier_head, action=action, name="contain", words=Words(note="Stopped"))
    take_step(by=company.supplier_head, action=action, name="analyse", words=Words(whys=("So",), cause=cause))
    return Event.objects.get(kind="action.analysed")


def test_a_cause_below_the_one_a_course_is_against_recommends_it_once_to_the_supplier(company, new_request):
    parent = add_cause(by=None, name="Skills")
    child = add_cause(by=None, name="Not shown how", parent=parent)
    course = course_of(company, causes=[parent])
    course_of(company, name="Of no concern")
    event = analysed(company, new_request, child)
    for _again in range(2):
        recommend_after([event])
    row = Recommendation.objects.get()
    assert (row.course, row.department, row.action_id) == (course, company.it, event.subject_id)
    assert [row[0] for row in selectors.waiting_for(company.supplier_head).rows] == ["recommended"]
    assert [row.course for row in selectors.recommended_between(company.it, company.sales).rows] == [course]
    assert selectors.recommended_between(company.it, company.facilities).rows == []
    deliver("feedback.training_letters")
    send_waiting()
    assert "Recommended training: Serving each other" in [sent.subject for sent in mail.outbox]


def test_a_course_that_several_actions_recommend_waits_once_and_is_dismissed_once(company):
    course = course_of(company)
    for title in ("Late", "Lost", "Wrong"):
        action = opened(company, title=title)
        Recommendation.objects.create(course=course, department=company.it, action=action)
    first, *_others = Recommendation.objects.order_by("pk")

    assert [row[:3] for row in selectors.waiting_for(company.supplier_head).rows] == [
        ("recommended", course.pk, course.name)
    ]

    end_recommendation(by=company.supplier_head, recommendation=first)

    assert selectors.waiting_for(company.supplier_head).rows == []
    assert selectors.recommended_to([company.it.pk]).rows == []


def test_a_recommendation_ends_with_a_certificate_or_when_the_head_does_not_need_it(company, new_request):
    cause = add_cause(by=None, name="Skills")
    course = course_of(company, causes=[cause])
    recommend_after([analysed(company, new_request, cause)])
    row = Recommendation.objects.get()
    with pytest.raises(NotAllowed):
        end_recommendation(by=company.customer_head, recommendation=row)
    certified(company, company.assigned, course)
    assert selectors.recommended_to([company.it.pk]).rows == []
    row.ended_at = None
    row.save()
    end_recommendation(by=company.supplier_head, recommendation=row)
    end_recommendation(by=company.supplier_head, recommendation=row)
    assert Event.objects.filter(kind="training.dismissed").count() == 1
    assert selectors.waiting_for(company.supplier_head).rows == []


def test_partners_find_no_courses(company):
    session = session_of(company)
    partner = save_department(by=company.admin, slug="carrier", name="Carrier", kind="partner")
    pat = make_person("Pat Partner", partner, "head")
    assert (list(selectors.courses_for(pat)), selectors.waiting_for(pat).rows) == ([], [])
    with pytest.raises(Http404):
        selectors.get_session(person=pat, pk=session.pk)


def test_the_calendar_file_keeps_the_zone_it_is_held_in(company):
    session = session_of(company)
    text = write_ics(session, company.requester, url="https://desk.example/x").decode()
    local = session.starts_at.astimezone(ZoneInfo("Europe/Berlin"))
    assert f"DTSTART;TZID=Europe/Berlin:{local:%Y%m%dT%H%M%S}" in text
    assert "BEGIN:VTIMEZONE" in text


def test_days_of_training_stand_on_the_charts_of_the_supplier_and_claim_nothing(company):
    attended(company, company.assigned, ago=timedelta(days=20))
    today = timezone.localdate()
    period = Period(today - timedelta(days=60), today + timedelta(days=1))

    def marks(side: str, department) -> list[tuple]:
        found = marks_on(Subject(department.pk, side, "resolution_time"), [department.pk], period)
        return [(mark.name, mark.words, mark.icon, mark.is_improvement) for mark in found]

    words = "People of the department took part. That it changed anything is not claimed."
    assert marks("supplier", company.it) == [("Training: Serving each other", words, "book", False)]
    assert (marks("customer", company.it), marks("supplier", company.sales)) == ([], [])


@pytest.mark.parametrize(
    ("read", "most"),
    [
        (lambda company, session: selectors.session_page(person=company.customer_head, pk=session.pk), 5),
        (lambda company, session: coverage_of(company.customer_head, company.sales), 4),
        (lambda company, session: coverage_by_department(company.customer_head, session.course), 4),
        (lambda company, session: selectors.upcoming(company.customer_head, timezone.now()), 3),
        (lambda company, session: selectors.waiting_for(company.customer_head), 2),
    ],
    ids=["session", "department", "course", "upcoming", "desk"],
)
def test_reading_costs_the_same_for_one_and_for_three(company, read, most):
    session = session_of(company, seats=9)
    costs = []
    for people in ([company.requester], [company.colleague, company.watcher]):
        for person in people:
            sign_up(by=person, session=session)
            session_of(company, session.course)
        vars(company.customer_head).pop("_standing", None)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            read(company, session)
        costs.append(len(asked))
    assert costs[0] == costs[1] <= most
