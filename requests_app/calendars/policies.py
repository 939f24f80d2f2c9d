"""Who sees and who edits calendars."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from requests_app.calendars.models import Calendar
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


def visible_calendars(person: Person) -> QuerySet[Calendar]:
    """Hours are no secret: everybody signed in sees all of them."""
    return Calendar.objects.all() if standing(person).person_id else Calendar.objects.none()


def can_create_calendar(person: Person) -> bool:
    return standing(person).is_admin


def can_edit_calendar(person: Person, calendar: Calendar) -> bool:
    """calendar.edit: admins, and the heads of a department that uses it (by choice, not as the default)."""
    hats = standing(person)
    return hats.is_admin or Department.objects.filter(pk__in=hats.head_of, calendar_id=calendar.pk).exists()


def require_create_calendar(person: Person) -> None:
    if not can_create_calendar(person):
        raise NotAllowed(_("Only an administrator makes a new calendar."), needed=_("Ask an administrator."))


def require_edit_calendar(person: Person, calendar: Calendar) -> None:
    if not can_edit_calendar(person, calendar):
        raise NotAllowed(
            _("Only an administrator or the head of a department that uses this calendar changes it."),
            needed=_("Ask an administrator or the head of a department that uses it."),
        )
