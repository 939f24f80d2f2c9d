"""A session that is changed after it was planned, and what comes near is told once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import F
from django.utils import timezone

from feedback.training.due import tell_what_is_near
from feedback.training.models import Certificate, Session
from feedback.training.moving import change_session
from feedback.training.services import cancel_session, sign_up, withdraw
from feedback.training.tasks import tell_near_training
from requests_app.events.models import Event
from requests_app.events.services import deliver
from requests_app.kernel.errors import IllegalMove, NotAllowed, StaleVersion, WrongInput
from requests_app.messaging.services import send_waiting
from servicedesk.celery import app
from tests.factories.training import HOURS, begun, certified, course_of, recommended, session_of

pytestmark = pytest.mark.django_db
PAGES, API = "/feedback/training/sessions/", "/api/v1/"
DAY = timedelta(days=1)


def mailed() -> list[tuple[str, str]]:
    """Address and subject of what is sent now."""
    mail.outbox.clear()
    deliver("feedback.training_letters")
    send_waiting()
    return sorted((one.to[0].partition("@")[0], one.subject.partition(":")[0]) for one in mail.outbox)


def standing_of(session: Session) -> list[str]:
    return list(session.signups.order_by("arrival").values_list("state", flat=True))


def test_new_seats_go_to_who_waits_and_those_who_sit_keep_theirs(company):
    session = session_of(company, seats=1)
    for person in (company.requester, company.colleague, company.watcher):
        sign_up(by=person, session=session)
    mailed()
    changed = change_session(by=company.supplier_head, session=session, seats=2, expected_version=0)
    assert (standing_of(session), changed.taken, changed.version) == (["seated", "seated", "waiting"], 2, 1)
    assert mailed() == [("cora.colleague", "A seat got free, and it is yours")]
    with pytest.raises(WrongInput) as refused:
        change_session(by=company.supplier_head, session=session, seats=1)
    assert list(refused.value.errors) == ["seats"]
    with pytest.raises(StaleVersion):
        change_session(by=company.supplier_head, session=session, seats=3, expected_version=0)
    with pytest.raises(WrongInput):
        change_session(by=company.supplier_head, session=session, trainer=company.watcher)
    with pytest.raises(NotAllowed):
        change_session(by=company.customer_head, session=session, seats=3)


def test_a_session_that_is_moved_is_told_with_a_file_that_changes_the_entry(company):
    session = session_of(company)
    sign_up(by=company.requester, session=session)
    mailed()
    first = mail.outbox[0].attachments[0].content
    starts = session.starts_at + DAY
    change_session(by=company.supplier_head, session=session, starts_at=starts, ends_at=starts + HOURS, place="Room 5")
    assert mailed() == [("anton.agent", "The session was moved"), ("rita.requester", "The session was moved")]
    files = {one.to[0].partition(".")[0]: [file.content for file in one.attachments] for one in mail.outbox}
    assert files["anton"] == []
    assert [line in files["rita"][0] for line in ("SEQUENCE:4", "LOCATION:Room 5")] == [True, True]
    assert ("SEQUENCE:2" in first, uid_of(first)) == (True, uid_of(files["rita"][0]))
    withdraw(by=company.requester, session=session)
    mailed()
    assert "SEQUENCE:5" in mail.outbox[0].attachments[0].content
    assert change_session(by=company.supplier_head, session=session, place="Room 5").version == 1


def uid_of(file: str) -> str:
    return next(line for line in file.splitlines() if line.startswith("UID:"))


def test_what_has_begun_or_was_cancelled_stays_as_it_is(company):
    course = course_of(company)
    for session in (begun(session_of(company, course)), session_of(company, course)):
        if session.starts_at > timezone.now():
            cancel_session(by=company.supplier_head, session=session)
        with pytest.raises(IllegalMove):
            change_session(by=company.supplier_head, session=session, seats=5)
    with pytest.raises(WrongInput) as refused:
        change_session(by=company.supplier_head, session=session_of(company, course), starts_at=timezone.now() - DAY)
    assert list(refused.value.errors) == ["starts_at"]


def test_the_day_before_whoever_sits_and_the_trainer_are_reminded_once_for_each_time(company):
    session = session_of(company, seats=1)
    for person in (company.requester, company.colleague):
        sign_up(by=person, session=session)
    mailed()
    assert tell_what_is_near(now=session.starts_at - 2 * DAY) == (0, 0)
    near = timezone.now() + HOURS
    change_session(by=company.supplier_head, session=session, starts_at=near, ends_at=near + HOURS)
    mailed()
    tell_near_training()
    assert tell_what_is_near() == (0, 0)
    reminder = "A reminder"
    assert mailed() == [("anton.agent", reminder), ("rita.requester", reminder)]
    later = near + HOURS
    change_session(by=company.supplier_head, session=session, starts_at=later, ends_at=later + HOURS)
    assert (tell_what_is_near(), tell_what_is_near()) == ((1, 0), (0, 0))
    assert "feedback.tell_near_training" in {entry["task"] for entry in app.conf.beat_schedule.values()}


def test_a_month_before_a_certificate_expires_its_holder_is_told_once(company):
    certificate = certified(company).certificate
    mailed()
    Certificate.objects.update(valid_until=timezone.localdate() + 40 * DAY)
    assert tell_what_is_near() == (0, 0)
    Certificate.objects.update(valid_until=F("valid_until") - 15 * DAY)
    assert (tell_what_is_near(), tell_what_is_near()) == ((0, 1), (0, 0))
    assert mailed() == [("rita.requester", "Your certificate expires")]
    assert Event.objects.get(kind="training.expiring").data["certificate"] == certificate.pk
    Certificate.objects.update(reminded_at=None)
    certified(company, course=certificate.course)
    assert tell_what_is_near() == (0, 0)  # a later one holds


def test_on_its_page_and_over_the_api_a_session_is_changed(company, as_browser, as_api):
    session = session_of(company)
    page, head = f"{PAGES}{session.pk}/", as_browser(company.supplier_head)
    assert f"{page}change/" in head.get(page).content.decode()
    form = head.get(f"{page}change/").context["form"]
    typed = {name: form[name].value() for name in (*form.fields,)} | {"seats": "7", "place": "Hall"}
    assert head.post(f"{page}change/", typed)["Location"] == page
    assert Session.objects.values_list("seats", "place", "version", "starts_at").get() == (
        7,
        "Hall",
        1,
        session.starts_at,
    )
    late = head.post(f"{page}change/", typed | {"place": "Typed meanwhile"})
    assert (late.status_code, "Typed meanwhile" in late.content.decode()) == (400, True)
    assert as_browser(company.customer_head).get(f"{page}change/").status_code == 403
    api, here = as_api(company.supplier_head), f"{API}trainings/{session.pk}/"
    tag = api.get(here)["ETag"]
    changed = api.patch(here, {"trainer": company.assigned.email}, headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["trainer"], changed.json()["version"]) == (
        200,
        company.assigned.name,
        2,
    )
    assert api.patch(here, {"seats": 3}, headers={"If-Match": tag}).status_code == 412
    assert api.patch(here, {"trainer": "nobody@example.test"}).json()["errors"].keys() == {"trainer"}


def test_over_the_api_a_course_is_changed_and_the_rest_of_it_stays(company, as_api):
    course = course_of(company)
    api, here = as_api(company.supplier_head), f"{API}courses/{course.pk}/"
    changed = api.patch(here, {"name": "Better", "is_active": False}, headers={"If-Match": api.get(here)["ETag"]})
    told = {name: changed.json()[name] for name in ("name", "is_active", "questions", "hours", "version")}
    assert told == {"name": "Better", "is_active": False, "questions": 2, "hours": 2, "version": 2}
    assert api.patch(here, {"hours": 3}, headers={"If-Match": '"1"'}).status_code == 412
    assert as_api(company.customer_head).patch(here, {"hours": 3}).status_code == 403
    assert api.patch(here, {"causes": [999]}).json()["errors"].keys() == {"causes"}


def test_a_recommendation_is_listed_and_dismissed_over_the_api_by_the_head(company, as_api):
    row = recommended(company, company.it)
    head, here = as_api(company.supplier_head), f"{API}training-recommendations/"
    assert [one["id"] for one in head.get(here).json()["results"]] == [row.pk]
    assert as_api(company.customer_head).get(here).json()["results"] == []
    assert as_api(company.customer_head).post(f"{here}{row.pk}/dismiss/").status_code == 403
    assert head.post(f"{here}{row.pk}/dismiss/").json()["ended"] is True
    assert head.get(here).json()["results"] == []
