import pytest

from requests_app.calendars.services import create_calendar
from requests_app.calendars.states import OFFICE_HOURS
from requests_app.org.models import Department, Membership, Person


@pytest.fixture
def admin(db):
    return Person.objects.create_user("ada@example.test", name="Ada", is_admin=True)


@pytest.fixture
def department(db):
    return Department.objects.create(slug="it", name="IT Services")


@pytest.fixture
def head(department):
    person = Person.objects.create_user("hugo@example.test", name="Hugo")
    Membership.objects.create(person=person, department=department, role="head", home=True)
    return person


@pytest.fixture
def stranger(db):
    """Head of another department, which uses no calendar of its own."""
    elsewhere = Department.objects.create(slug="sales", name="Sales")
    person = Person.objects.create_user("sara@example.test", name="Sara")
    Membership.objects.create(person=person, department=elsewhere, role="head", home=True)
    return person


@pytest.fixture
def office(admin, department):
    calendar = create_calendar(by=admin, name="Office hours", zone="Europe/Berlin", weekly=OFFICE_HOURS, country="DE")
    Department.objects.filter(pk=department.pk).update(calendar_id=calendar.pk)
    return calendar
