"""Seats and the waiting list, who signs up whom, who was there, the test, the certificate."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.training import papers
from feedback.training.certifying import record_attendance, take_test
from feedback.training.models import Attempt, Certificate, Course, Session, Signup
from feedback.training.services import cancel_session, plan_session, save_course, sign_up, withdraw
from feedback.training.states import Question
from requests_app.events.models import Event
from requests_app.events.services import deliver
from requests_app.kernel.errors import DomainError, IllegalMove, NotAllowed, StaleVersion, WrongInput
from requests_app.messaging.services import send_waiting
from tests.factories.training import HOURS, RIGHT, WRONG, attended, begun, certified, course_of, session_of

pytestmark = pytest.mark.django_db


def standing_of(session: Session) -> dict[str, str]:
    rows = session.signups.order_by("arrival").select_related("person")
    return {row.person.name.split()[0]: row.state for row in rows}


def test_seats_go_by_arrival_and_who_leaves_makes_room_for_the_first_in_line(company):
    session = session_of(company, seats=1)
    for person in (company.requester, company.colleague, company.watcher):
        sign_up(by=person, session=session)
    assert standing_of(session) == {"Rita": "seated", "Cora": "waiting", "Wanda": "waiting"}
    withdraw(by=company.requester, session=session)
    assert standing_of(session) == {"Rita": "withdrawn", "Cora": "seated", "Wanda": "waiting"}
    sign_up(by=company.requester, session=session)
    assert standing_of(session) == {"Cora": "seated", "Wanda": "waiting", "Rita": "waiting"}
    assert Session.objects.get().taken == 1


def test_who_leaves_the_line_frees_no_seat(company):
    session = session_of(company, seats=1)
    for person in (company.requester, company.colleague):
        sign_up(by=person, session=session)
    withdraw(by=company.colleague, session=session)
    assert (standing_of(session), Session.objects.get().taken) == ({"Rita": "seated", "Cora": "withdrawn"}, 1)
    with pytest.raises(IllegalMove):
        withdraw(by=company.colleague, session=session)


def test_signing_up_twice_changes_nothing(company):
    session = session_of(company)
    assert sign_up(by=company.requester, session=session) == sign_up(by=company.requester, session=session)
    assert list(Event.objects.filter(kind="training.signed_up").values_list("actor_id", flat=True)) == [
        company.requester.pk
    ]


def test_a_head_signs_up_and_withdraws_own_people_and_nobody_else(company):
    session = session_of(company)
    signup = sign_up(by=company.customer_head, person=company.requester, session=session)
    assert (signup.person, signup.department, signup.state) == (company.requester, company.sales, "seated")
    with pytest.raises(NotAllowed):
        sign_up(by=company.other_head, person=company.requester, session=session)
    with pytest.raises(NotAllowed):
        withdraw(by=company.colleague, person=company.requester, session=session)
    assert withdraw(by=company.customer_head, person=company.requester, session=session).state == "withdrawn"


def test_neither_the_trainer_nor_somebody_without_a_department_sits_in(company):
    session = session_of(company)
    for person in (company.agent, company.executive, company.admin):
        with pytest.raises(NotAllowed):
            sign_up(by=person, session=session)


def test_signing_up_and_leaving_end_with_the_beginning(company):
    session = session_of(company)
    sign_up(by=company.requester, session=session)
    later = session.starts_at
    with pytest.raises(IllegalMove):
        sign_up(by=company.colleague, session=session, now=later)
    with pytest.raises(IllegalMove):
        withdraw(by=company.requester, session=session, now=later)
    just_before = later - timedelta(seconds=1)
    assert sign_up(by=company.colleague, session=session, now=just_before).state == "seated"


def test_a_cancelled_session_takes_nobody(company):
    session = session_of(company)
    assert cancel_session(by=company.supplier_head, session=session).cancelled_at is not None
    cancel_session(by=company.supplier_head, session=session)
    assert Event.objects.filter(kind="training.cancelled").count() == 1
    with pytest.raises(IllegalMove):
        sign_up(by=company.requester, session=session)
    with pytest.raises(NotAllowed):
        cancel_session(by=company.other_head, session=session)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seats=st.integers(1, 4),
    steps=st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=14),
)
def test_whatever_is_tried_the_first_to_come_sit_and_the_rest_wait_in_order(company, seats, steps):
    """The oracle is a plain queue: who is in it by arrival; the first `seats` of it sit."""
    people = [company.requester, company.colleague, company.watcher, company.stranger, company.other_agent]
    people.append(company.customer_head)
    queue: list[int] = []
    with transaction.atomic():
        session = session_of(company, seats=seats)
        for comes, number in steps:
            person = people[number]
            try:
                (sign_up if comes else withdraw)(by=person, session=session)
            except IllegalMove:
                assert not comes
                assert person.pk not in queue
                continue
            if comes and person.pk not in queue:
                queue.append(person.pk)
            elif not comes:
                queue.remove(person.pk)
        rows = session.signups.exclude(state="withdrawn").order_by("arrival")
        found = list(rows.values_list("person_id", "state"))
        expected = [(pk, "seated" if place < seats else "waiting") for place, pk in enumerate(queue)]
        assert (found, Session.objects.get(pk=session.pk).taken) == (expected, min(seats, len(queue)))
        transaction.set_rollback(True)


def test_only_the_trainer_or_the_head_who_holds_it_records_attendance(company):
    session = session_of(company)
    signup = sign_up(by=company.requester, session=session)
    with pytest.raises(IllegalMove):
        record_attendance(by=company.agent, session=session, present={signup.pk: True})
    begun(session)
    for person in (company.requester, company.customer_head, company.assigned):
        with pytest.raises(NotAllowed):
            record_attendance(by=person, session=session, present={signup.pk: True})
    with pytest.raises(WrongInput):
        record_attendance(by=company.agent, session=session, present={signup.pk + 999: True})
    record_attendance(by=company.supplier_head, session=session, present={signup.pk: False})
    record_attendance(by=company.agent, session=session, present={signup.pk: True})
    record_attendance(by=company.agent, session=session, present={signup.pk: True})
    events = Event.objects.filter(kind="training.attended").order_by("pk")
    assert [(event.data["before"], event.data["attended"]) for event in events] == [(None, False), (False, True)]


def test_nobody_records_their_own_attendance(company):
    session = session_of(company)
    signup = sign_up(by=company.supplier_head, session=session)
    with pytest.raises(NotAllowed):
        record_attendance(by=company.supplier_head, session=begun(session), present={signup.pk: True})


def test_a_passed_test_gives_a_certificate_that_holds_from_the_day_of_the_session(company):
    signup = attended(company)
    attempt = take_test(by=company.requester, signup=signup, answers=RIGHT)
    certificate = Certificate.objects.get()
    day = timezone.localtime(signup.session.starts_at).date()
    assert (attempt.right, attempt.of, attempt.passed) == (2, 2, True)
    assert (certificate.person, certificate.name, certificate.hours) == (company.requester, "Serving each other", 2)
    assert abs((certificate.attended_on - day).days) <= 1
    assert certificate.valid_until.year == certificate.attended_on.year + 2
    with pytest.raises(IllegalMove):
        take_test(by=company.requester, signup=signup, answers=RIGHT)
    with pytest.raises(IllegalMove):
        record_attendance(by=company.agent, session=signup.session, present={signup.pk: False})


def test_tries_are_kept_and_three_a_day_are_the_most(company):
    signup = attended(company)
    for _number in range(3):
        assert take_test(by=company.requester, signup=signup, answers=WRONG).passed is False
    with pytest.raises(DomainError):
        take_test(by=company.requester, signup=signup, answers=RIGHT)
    assert list(Attempt.objects.values_list("right", "answers")) == [(0, [[0], [0]])] * 3
    tomorrow = timezone.now() + timedelta(days=1, minutes=1)
    assert take_test(by=company.requester, signup=signup, answers=RIGHT, now=tomorrow).passed is True


def test_the_test_is_for_whoever_was_there_with_the_questions_they_saw(company):
    session = session_of(company)
    signup = sign_up(by=company.requester, session=session)
    with pytest.raises(IllegalMove):
        take_test(by=company.requester, signup=signup, answers=RIGHT)
    signup = attended(company, course=session.course)
    with pytest.raises(NotAllowed):
        take_test(by=company.colleague, signup=signup, answers=RIGHT)
    with pytest.raises(StaleVersion):
        take_test(by=company.requester, signup=signup, answers=RIGHT, expected_version=9)
    for impossible in ({0: frozenset({7})}, {5: frozenset({0})}, {0: frozenset({0, 1})}):
        with pytest.raises(WrongInput):
            take_test(by=company.requester, signup=signup, answers=impossible)
    assert Attempt.objects.count() == 0


def test_without_questions_whoever_was_there_is_certified(company):
    signup = attended(company, course=course_of(company, questions=()))
    assert Certificate.objects.get().signup == signup
    with pytest.raises(IllegalMove):
        take_test(by=company.requester, signup=signup, answers={})


def test_a_changed_course_leaves_certificates_as_they_were(company):
    signup = certified(company)
    course = signup.session.course
    changed = save_course(
        by=company.supplier_head, department=company.it, course=course, name="Another name", hours=5, valid_months=1,
        pass_percent=80, expected_version=course.version,
    )  # fmt: skip
    assert (changed.version, changed.questions) == (2, [])
    assert (signup.certificate.name, signup.certificate.hours) == ("Serving each other", 2)
    with pytest.raises(StaleVersion):
        save_course(by=company.supplier_head, department=company.it, course=course, name="x", expected_version=1)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"hours": 0}, "hours"),
        ({"valid_months": 121}, "valid_months"),
        ({"pass_percent": 101}, "pass_percent"),
        ({"questions": (Question("Why?", "single", ("A", "B"), frozenset()),)}, "questions"),
        ({"questions": (Question("Why?", "single", ("A", "B"), frozenset({2})),)}, "questions"),
        ({"questions": (Question("Why?", "single", ("A", "B"), frozenset({0, 1})),)}, "questions"),
    ],
    ids=str,
)
def test_a_course_that_makes_no_sense_is_refused_by_name(company, values, field):
    with pytest.raises(WrongInput) as refused:
        course_of(company, **values)
    assert list(refused.value.errors) == [field]


def test_two_courses_of_a_department_have_two_names(company):
    course_of(company)
    with pytest.raises(WrongInput) as refused:
        course_of(company)
    assert list(refused.value.errors) == ["name"]


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"starts_at": timezone.now() - timedelta(days=1)}, ["starts_at"]),
        ({"ends_at": timezone.now()}, ["ends_at"]),
        ({"zone": "Europe/Nowhere"}, ["zone"]),
        ({"seats": 0}, ["seats"]),
        ({"place": ""}, ["place"]),
        ({"link": "javascript:alert(1)"}, ["link"]),
    ],
    ids=["past", "ends first", "zone", "no seats", "nowhere", "link that runs"],
)
def test_a_session_that_makes_no_sense_is_refused_by_name(company, values, fields):
    with pytest.raises(WrongInput) as refused:
        session_of(company, **values)
    assert list(refused.value.errors) == fields


def test_only_heads_of_the_department_and_administrators_hold_courses(company):
    course = course_of(company)
    for person in (company.agent, company.other_head, company.executive, company.auditor):
        with pytest.raises(NotAllowed):
            save_course(by=person, department=company.it, name="x")
        with pytest.raises(NotAllowed):
            session_of(company, course, by=person)
    assert session_of(company, course, by=company.admin).seats == 2
    closed = Course.objects.get()
    closed.is_active = False
    closed.save()
    now = timezone.now() + timedelta(days=1)
    with pytest.raises(IllegalMove):
        plan_session(by=company.supplier_head, course=closed, starts_at=now, ends_at=now + HOURS, zone="UTC", seats=1,
                     trainer=company.agent, place="x")  # fmt: skip


@pytest.mark.parametrize("values", [{"taken": 3}, {"seats": 0}, {"place": ""}], ids=str)
def test_a_session_row_that_makes_no_sense_is_refused_by_the_database(company, values):
    session = session_of(company)
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(**values)


def test_the_database_keeps_one_signup_each_and_only_the_seated_attend(company):
    session = session_of(company, seats=1)
    sign_up(by=company.requester, session=session)
    waits = sign_up(by=company.colleague, session=session)
    with pytest.raises(IntegrityError), transaction.atomic():
        Signup.objects.filter(pk=waits.pk).update(attended=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Signup.objects.create(
            session=session, person=company.requester, department=company.sales, state="waiting", arrival=9
        )


def test_who_has_a_seat_is_mailed_an_invitation_for_the_calendar_and_who_moves_up_too(company):
    session = session_of(company, seats=1)
    for person in (company.requester, company.colleague):
        sign_up(by=person, session=session)
    withdraw(by=company.requester, session=session)
    deliver("feedback.training_letters")
    send_waiting()
    told = sorted((sent.to[0].split(".")[0], sent.subject) for sent in mail.outbox)
    assert told == [
        ("cora", "A seat got free, and it is yours: Serving each other"),
        ("rita", "You are no longer signed up: Serving each other"),
    ]
    files = {sent.subject.split(":")[0]: sent.attachments[0][1] for sent in mail.outbox}
    assert "METHOD:PUBLISH" in str(files["A seat got free, and it is yours"])
    assert "METHOD:CANCEL" in str(files["You are no longer signed up"])


def test_everybody_in_a_cancelled_session_is_told_and_certificates_are_mailed(company):
    session = session_of(company)
    sign_up(by=company.requester, session=session)
    cancel_session(by=company.supplier_head, session=session)
    certified(company, company.colleague, session.course)
    deliver("feedback.training_letters")
    send_waiting()
    subjects = {sent.subject for sent in mail.outbox}
    assert {"The session does not take place: Serving each other", "Your certificate: Serving each other"} <= subjects


def test_a_signature_vouches_for_one_certificate_until_one_day(company):
    one = certified(company).certificate
    other = certified(company, company.colleague, one.course).certificate
    signature = papers.signature_of(one)
    assert (papers.is_genuine(one, signature), papers.is_genuine(other, signature)) == (True, False)
    one.valid_until += timedelta(days=1)
    assert papers.is_genuine(one, signature) is False


def test_the_certificate_names_the_company_who_issues_and_who_signs(company, monkeypatch, settings):
    settings.COMPANY_NAME, settings.PUBLIC_URL = "Nordwind", "https://desk.example.com"
    one, printed = certified(company).certificate, {}
    real = papers.typeset
    monkeypatch.setattr(papers, "typeset", lambda template, content: printed.update(content) or real(template, content))
    papers.pdf_of(one)
    assert [printed[key] for key in ("company", "author", "what", "signed", "signed_as")] == [
        "Nordwind", one.course.department.name, one.name, one.signup.session.trainer.name, "Trainer",
    ]  # fmt: skip
    assert printed["foot"].startswith("https://desk.example.com/")


def test_the_certificate_is_a_pdf_and_its_link_is_of_letters_that_a_path_takes(company):
    name, content = papers.pdf_of(certified(company).certificate)
    assert (name.startswith("certificate-"), content[:5]) == (True, b"%PDF-")
