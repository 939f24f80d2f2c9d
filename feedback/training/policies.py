"""Who keeps courses, who sits in them, who records attendance, who reads names: rows of the matrix and what follows."""

from django.utils.translation import gettext as _

from feedback.training.models import Session
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Department, Person
from requests_app.org.policies import ALLOWED_CODES, best_code, standing


def keeps(person: Person, department_id: int) -> bool:
    """feedback.configure: heads of the department that holds the course, and administrators."""
    hats = standing(person)
    here = set(hats.global_contexts) | ({"SH"} if department_id in hats.head_of else set())
    return best_code("feedback.configure", here or {"U"}) in ALLOWED_CODES


def keeps_any(person: Person) -> bool:
    hats = standing(person)
    return hats.is_admin or (bool(hats.head_of) and not hats.is_partner)


def require_keep_any(person: Person) -> None:
    if not keeps_any(person):
        raise NotAllowed(_("Only heads hold courses."), needed=_("Ask the head of your department."))


def require_keep(person: Person, department: Department) -> None:
    if not keeps(person, department.pk):
        raise NotAllowed(
            _("This course is not yours to change."),
            needed=_("Its heads do: those of %(name)s.") % {"name": department.name},
        )


def can_attend(person: Person) -> bool:
    hats = standing(person)
    return bool(hats.member_of) and not hats.is_partner


def require_sign(by: Person, person: Person, session: Session) -> None:
    """Oneself, or somebody of a department that one leads; nobody who trains sits in their own session."""
    if not can_attend(person):
        raise NotAllowed(_("Only members of departments take part."), needed=_("Ask an administrator."))
    if by.pk != person.pk and not leads(by, person):
        raise NotAllowed(
            _("Only a head signs up somebody else, and only their own people."),
            needed=_("Ask them, or the head of their department."),
        )
    if person.pk == session.trainer_id:
        raise NotAllowed(_("Whoever trains does not sit in."), needed=_("Somebody else has to train then."))


def leads(head: Person, person: Person) -> bool:
    return bool(standing(head).head_of & standing(person).member_of)


def records_attendance(person: Person, session: Session) -> bool:
    """The trainer; the head who holds the course stands in. Nobody about a session they sit in themselves."""
    return person.pk == session.trainer_id or session.course.department_id in standing(person).head_of


def require_record(person: Person, session: Session) -> None:
    if not records_attendance(person, session):
        raise NotAllowed(
            _("Only the trainer records who was there."),
            needed=_("Ask %(name)s.") % {"name": session.trainer.name},
        )


def reads_all_names(person: Person, session: Session) -> bool:
    return records_attendance(person, session) or keeps(person, session.course.department_id)


def reads_names_of(person: Person, department_id: int) -> bool:
    """Heads read their own people by name; everybody else reads counts."""
    return department_id in standing(person).head_of


def require_lead(person: Person, department: Department) -> None:
    if department.pk not in standing(person).head_of:
        raise NotAllowed(
            _("This is for the head of %(name)s to decide.") % {"name": department.name},
            needed=_("Ask the head of that department."),
        )
