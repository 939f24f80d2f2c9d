"""Training as people do it: a course, a seat, being there, the short test, the certificate; with script and without."""

import pytest
from playwright.sync_api import expect

from feedback.training.models import Certificate, Session
from feedback.training.services import sign_up
from tests.browser.screens import WIDE
from tests.factories.training import attended, begun, certified, course_of, session_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("page", [{"width": 360, "script": False}], indirect=True, ids=["phone, no script"])
def test_from_the_course_over_attendance_and_test_to_the_certificate(page, company, sign_in, open_page):
    session = session_of(company)
    sign_in(page, company.requester.email).goto("/feedback/training/")
    page.get_by_role("link", name="Serving each other").first.click()
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_text("Has a seat").first).to_be_visible()
    begun(Session.objects.get(pk=session.pk))

    trainer = open_page(width=360)
    sign_in(trainer, company.agent.email).goto("/")
    trainer.get_by_role("link", name="Record attendance").click()
    trainer.get_by_label("Rita Requester").check()
    trainer.get_by_role("button", name="Record attendance").click()
    expect(trainer.get_by_label("Rita Requester")).to_be_checked()

    page.goto("/")
    page.get_by_role("link", name="Take the test").click()
    page.get_by_label("The customer").check()
    page.get_by_label("A reason").check()
    page.get_by_label("A new owner").check()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("You have passed.")).to_be_visible()
    assert Certificate.objects.get().person == company.requester


@pytest.mark.parametrize(("width", "scheme"), WIDE)
def test_pages_of_training_are_accessible_and_fit(width, scheme, open_page, sign_in, company, axe, fits, shoot):
    course = course_of(company)
    coming = session_of(company, course, seats=1)
    for person in (company.requester, company.colleague):
        sign_up(by=person, session=coming)
    held = session_of(company, course)
    sign_up(by=company.colleague, session=held)
    begun(held)
    test = attended(company, company.customer_head, course)
    certified(company, company.requester, course)
    visits = {
        company.customer_head: [
            ("list", "/feedback/training/"),
            ("session", f"/feedback/training/sessions/{coming.pk}/"),
            ("test", f"/feedback/training/tests/{test.pk}/"),
            ("department", "/feedback/training/departments/sales/"),
        ],
        company.supplier_head: [
            ("course", f"/feedback/training/courses/{course.pk}/"),
            ("edit", f"/feedback/training/courses/{course.pk}/edit/"),
            ("change", f"/feedback/training/sessions/{coming.pk}/change/"),
            ("plan", f"/feedback/training/courses/{course.pk}/sessions/new/"),
            ("attendance", f"/feedback/training/sessions/{held.pk}/"),
        ],
    }
    for person, pages in visits.items():
        page = open_page(width=width, scheme=scheme)
        sign_in(page, person.email)
        for name, address in pages:
            page.goto(address)
            axe(page)
            fits(page)
            shoot(page, f"training-{name}-{width}-{scheme}")
