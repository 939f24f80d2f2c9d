"""Training over pages and over the API: the whole way, and what is refused on it."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from feedback.training import papers
from feedback.training.models import Certificate, Course, Session, Signup
from feedback.training.services import sign_up
from tests.factories.training import attended, begun, certified, course_of, session_of

pytestmark = pytest.mark.django_db
BASE, API = "/feedback/training/", "/api/v1/"
COURSE = {
    "name": "Serving each other", "department": "it", "text": "What we owe each other.", "hours": "2",
    "valid_months": "24", "pass_percent": "50", "is_active": "on", "questions": "Who decides?\n- We\n* They",
}  # fmt: skip


def at(name: str, pk: int) -> str:
    return reverse(f"training:{name}", args=[pk])


def planned_for(day, **more) -> dict:
    values = {"day": day.isoformat(), "begins": "09:00", "ends": "11:00", "zone": "Europe/Berlin", "place": "Room 4"}
    return values | {"seats": "2", "trainer": "anton.agent@example.test"} | more


def test_the_whole_way_from_a_course_to_a_certificate(company, as_browser):
    head, requester, trainer = (as_browser(one) for one in (company.supplier_head, company.requester, company.agent))
    assert head.post(f"{BASE}courses/new/", COURSE).status_code == 302
    course = Course.objects.get()
    day = timezone.localdate() + timedelta(days=9)
    assert head.post(at("new_session", course.pk), planned_for(day)).status_code == 302
    session = Session.objects.get()
    assert session.starts_at.astimezone(timezone.get_fixed_timezone(0)).hour in (7, 8)  # summer or winter in Berlin
    assert requester.post(at("sign_up", session.pk)).status_code == 302
    begun(session)
    signup = Signup.objects.get()
    assert "Record who was there." in trainer.get("/").content.decode()
    assert trainer.post(at("attendance", session.pk), {"there": [str(signup.pk)]}).status_code == 302
    assert at("test", signup.pk) in requester.get("/").content.decode()
    assert requester.post(at("test", signup.pk), {"q0": "0"}).status_code == 302
    assert Certificate.objects.count() == 0
    assert requester.post(at("test", signup.pk), {"q0": "1"}).status_code == 302
    pdf = requester.get(at("certificate", Certificate.objects.get().pk))
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")


def test_the_right_answers_are_not_in_the_page_nor_in_the_answer_of_the_api(company, as_browser, as_api):
    signup = attended(company)
    page = as_browser(company.requester).get(at("test", signup.pk)).content.decode()
    told = as_api(company.requester).get(f"{API}training-tests/{signup.pk}/").json()
    ticked = re.findall(r'name="q[^>]*checked', page)
    assert (ticked, len(re.findall(r'name="q\d"', page))) == ([], 5)
    assert [sorted(one) for one in told["questions"]] == [["kind", "options", "place", "text"]] * 2


def test_what_was_typed_stays_when_it_is_refused(company, as_browser):
    head = as_browser(company.supplier_head)
    answer = head.post(f"{BASE}courses/new/", COURSE | {"questions": "Who decides?\n- We\n- They"})
    text = answer.content.decode()
    assert (answer.status_code, "mark the right answers" in text, "Who decides?" in text) == (400, True, True)
    course = course_of(company)
    past = head.post(at("new_session", course.pk), planned_for(timezone.localdate() - timedelta(days=1)))
    assert (past.status_code, "It begins in the past" in past.content.decode()) == (400, True)


def test_an_hour_that_the_clocks_skip_is_refused(company, as_browser):
    head, course = as_browser(company.supplier_head), course_of(company)
    typed = planned_for(date(2027, 3, 28), begins="02:30", ends="04:00")
    answer = head.post(at("new_session", course.pk), typed)
    assert (answer.status_code, "The clocks skip this hour" in answer.content.decode()) == (400, True)


def test_a_course_is_changed_and_a_stale_change_is_told(company, as_browser):
    head, course = as_browser(company.supplier_head), course_of(company)
    assert "* The customer" in head.get(at("edit_course", course.pk)).content.decode()
    assert head.post(at("edit_course", course.pk), COURSE | {"version": "1", "name": "Anew"}).status_code == 302
    assert head.post(at("edit_course", course.pk), COURSE | {"version": "1"}).status_code == 400
    assert Course.objects.get().name == "Anew"


def test_a_head_signs_up_one_of_the_people_and_withdraws_them(company, as_browser):
    head, session = as_browser(company.customer_head), session_of(company)
    assert "Rita Requester" in head.get(at("session", session.pk)).content.decode()
    whom = {"person": str(company.requester.pk)}
    assert head.post(at("sign_up", session.pk), whom).status_code == 302
    assert Signup.objects.get().person == company.requester
    assert head.post(at("withdraw", session.pk), whom).status_code == 302
    assert as_browser(company.other_head).post(at("sign_up", session.pk), whom).status_code == 403
    assert head.post(at("sign_up", session.pk), {"person": "999999"}).status_code == 404


def test_who_waits_reads_the_place_in_line(company, as_browser):
    session = session_of(company, seats=1)
    for person in (company.requester, company.colleague):
        sign_up(by=person, session=session)
    assert "You are number 1 in line" in as_browser(company.colleague).get(at("session", session.pk)).content.decode()


def test_the_link_of_a_certificate_shows_that_it_is_genuine_and_any_other_shows_nothing(company, as_browser):
    certificate = certified(company).certificate
    client, path = as_browser(company.stranger), papers.check_path(certificate)
    text = client.get(path).content.decode()
    assert ("Rita Requester" in text, "It is valid." in text) == (True, True)
    assert client.get(path[:-2] + "x/").status_code == 404
    Certificate.objects.update(attended_on="2020-01-01", valid_until="2022-01-01")
    assert client.get(path).status_code == 404
    certificate.refresh_from_db()
    assert "It has expired." in client.get(papers.check_path(certificate)).content.decode()


def test_the_page_of_a_department_names_people_to_its_head_only(company, as_browser):
    certified(company)
    head, other = (as_browser(one).get(f"{BASE}departments/sales/") for one in (company.customer_head, company.agent))
    assert ("Cora Colleague" in head.content.decode(), "Cora Colleague" in other.content.decode()) == (True, False)
    assert "fewer than five people" in other.content.decode()


def test_the_calendar_file_comes_as_one(company, as_browser):
    session = session_of(company)
    file = as_browser(company.requester).get(at("calendar", session.pk))
    assert (file["Content-Type"], file.content[:15]) == ("text/calendar; charset=utf-8", b"BEGIN:VCALENDAR")


def test_over_the_api_a_course_is_held_from_planning_to_the_certificate(company, as_api):
    head, requester, trainer = (as_api(one) for one in (company.supplier_head, company.requester, company.agent))
    question = {"text": "Who decides?", "kind": "single", "options": ["We", "They"], "right": [1]}
    body = {"department": "it", "name": "Serving", "hours": 2, "valid_months": 12, "questions": [question]}
    course = head.post(f"{API}courses/", body).json()
    assert (course["name"], course["questions"], "right" in str(course)) == ("Serving", 1, False)
    starts = timezone.now() + timedelta(days=3)
    plan = {
        "course": course["id"],
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=1)).isoformat(),
    }
    plan |= {"zone": "Europe/Berlin", "seats": 1, "trainer": company.agent.email, "place": "Room 4"}
    made = head.post(f"{API}trainings/", plan)
    one = f"{API}trainings/{made.json()['id']}/"
    assert (made.status_code, requester.post(f"{one}sign-up/", {}).json()["taken"]) == (201, 1)
    waits = as_api(company.customer_head).post(f"{one}sign-up/", {"person": company.colleague.email}).json()
    assert (waits["waiting"], [row["state"] for row in waits["signed_up"]]) == (1, ["seated", "waiting"])
    begun(Session.objects.get())
    signup = Signup.objects.get(person=company.requester)
    there = trainer.post(f"{one}attendance/", {"present": [signup.pk]})
    assert [row["attended"] for row in there.json()["signed_up"]] == [True, None]
    done = requester.post(f"{API}training-tests/{signup.pk}/", {"answers": [[1]], "version": 1}).json()
    assert (done["right"], done["of"], done["passed"]) == (1, 1, True)
    assert requester.get(f"{API}certificates/").json()["results"][0]["id"] == done["certificate"]
    covered = as_api(company.customer_head).get(f"{API}training-coverage/", {"department": "sales"}).json()
    assert covered["courses"] == [{"course": course["id"], "name": "Serving", "n": 1, "of": 3}]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("courses/", {"department": "nowhere", "name": "a", "hours": 1, "valid_months": 1}, "department"),
        ("courses/", {"department": "it", "name": "a", "hours": 0, "valid_months": 1}, "hours"),
        ("courses/", {"department": "it", "name": "a", "hours": 1, "valid_months": 1, "causes": [999999]}, "causes"),
        ("trainings/", {"course": 999999}, "starts_at"),
    ],
    ids=["department", "hours", "causes", "times"],
)
def test_what_is_wrong_is_named(company, as_api, path, body, field):
    answer = as_api(company.supplier_head).post(f"{API}{path}", body)
    assert (answer.status_code, field in answer.json()["errors"]) == (400, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_for_one_and_for_three(company, as_browser, rows, django_assert_max_num_queries):
    client = as_browser(company.customer_head)
    session = session_of(company, seats=9)
    for person in (company.requester, company.colleague, company.watcher)[:rows]:
        sign_up(by=person, session=session)
        session_of(company, session.course)
    for address, most in (
        (BASE, 11), (at("course", session.course_id), 15), (at("session", session.pk), 11),
        (f"{BASE}departments/sales/", 11),
    ):  # fmt: skip
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)
