import pytest
from django.contrib.auth.models import AnonymousUser

from requests_app.calendars.policies import can_create_calendar, can_edit_calendar, visible_calendars
from requests_app.org.models import Membership, Person


@pytest.fixture
def person(db):
    return Person.objects.create_user("p@example.test", name="P")


@pytest.mark.parametrize(("role", "allowed"), [("member", False), ("agent", False), ("head", True), ("deputy", True)])
def test_in_the_department_that_uses_it_only_the_heads_edit_a_calendar(person, department, office, role, allowed):
    Membership.objects.create(person=person, department=department, role=role)

    assert can_edit_calendar(person, office) is allowed
    assert can_create_calendar(person) is False


@pytest.mark.parametrize(
    ("flag", "allowed"), [("is_admin", True), ("is_executive", False), ("is_auditor", False), (None, False)]
)
def test_of_the_global_roles_only_admins_make_and_edit_calendars(person, office, flag, allowed):
    if flag:
        setattr(person, flag, True)

    assert can_edit_calendar(person, office) is allowed
    assert can_create_calendar(person) is allowed


def test_heads_elsewhere_and_strangers_see_but_do_not_edit(stranger, office):
    assert list(visible_calendars(stranger)) == [office]
    assert can_edit_calendar(stranger, office) is False


def test_who_has_not_signed_in_or_has_left_sees_nothing(person, office):
    person.is_active = False

    for nobody in (AnonymousUser(), person):
        assert list(visible_calendars(nobody)) == []
        assert can_edit_calendar(nobody, office) is False
