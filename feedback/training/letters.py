"""Mail about training: the invitation with its calendar file, a seat that got free, what is recommended."""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from feedback.training.invitations import CONTENT_TYPE, NAME, write_ics
from feedback.training.models import Certificate, Course, Session, Signup
from feedback.training.states import SEATED, WAITING, WITHDRAWN
from requests_app.events.models import Event
from requests_app.kernel.formats import day
from requests_app.messaging.letters import absolute, moment
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Letter, write_with
from requests_app.messaging.selectors import heads_of
from requests_app.messaging.services import mail_row, queue_all
from requests_app.messaging.states import NEWS_DAYS

OF_PERSON = (
    "training.signed_up", "training.queued", "training.moved_up", "training.withdrawn", "training.certified",
    "training.expiring",
)  # fmt: skip
OF_ALL = ("training.cancelled", "training.changed", "training.near")
KINDS = (*OF_PERSON, *OF_ALL, "training.recommended")
# Where one still stands for the news to be news; the invitation of somebody who left meanwhile is none.
STANDS = {
    "training.signed_up": {SEATED}, "training.moved_up": {SEATED}, "training.queued": {WAITING},
    "training.withdrawn": {WITHDRAWN}, "training.certified": {SEATED},
}  # fmt: skip


def queue_letters(events: list[Event]) -> None:
    """A mail for everybody whom one of the events concerns, also to who acted: it brings the invitation. Safe twice."""
    oldest = timezone.now() - timedelta(days=NEWS_DAYS)
    queue_all(
        mail_row(event.kind, person_id, f"{event.kind}:{event.pk}:{person_id}", None, {"event": event.pk})
        for event in events
        if event.at >= oldest
        for person_id in _readers(event)
    )


def _readers(event: Event) -> Iterable[int]:
    if event.kind in OF_PERSON:
        return [event.data["person"]]
    if event.kind == "training.recommended":
        return sorted(set(heads_of(event.data["department"])))
    if event.kind == "training.changed" and not event.data["moved"]:
        return []  # more seats, or another trainer: nothing in anybody's calendar
    rows = Signup.objects.filter(session_id=event.subject_id)
    rows = rows.filter(state=SEATED) if event.kind == "training.near" else rows.exclude(state=WITHDRAWN)
    trainers = Session.objects.filter(pk=event.subject_id).exclude(trainer=event.actor_id or 0)
    return sorted({*rows.values_list("person_id", flat=True), *trainers.values_list("trainer_id", flat=True)})


def write_letter(mail: OutgoingMail) -> Letter | None:
    """None when it is no news any more."""
    event = Event.objects.filter(pk=mail.data.get("event")).first()
    if event is None:
        return None
    if event.kind == "training.recommended":
        return _recommended(event)
    session = Session.objects.filter(pk=event.subject_id).select_related("course", "trainer").first()
    if session is None or not _is_news(event, session, mail.person_id):
        return None
    if event.kind in ("training.certified", "training.expiring"):
        return _certified(event, session)
    path = absolute(reverse("training:session", args=[session.pk]))
    headline = _headline(event.kind)
    files = _files(event.kind, session, mail, path)
    return Letter(
        subject=f"{headline}: {session.course.name}",
        paragraphs=(headline + ".", *_what_follows(event.kind, attached=bool(files))),
        facts=_facts(session),
        link=path,
        link_words=_("Open the session"),
        files=files,
    )


def _is_news(event: Event, session: Session, person_id: int) -> bool:
    if event.kind == "training.cancelled":
        return True
    if event.kind in OF_ALL:
        then = parse_datetime(event.data.get("after", "")) or session.starts_at
        held = session.cancelled_at is None and session.starts_at == then and session.starts_at > timezone.now()
        return held and (person_id == session.trainer_id or _stands(session, person_id, SEATED, WAITING))
    if event.kind == "training.expiring":
        return session.course.is_active
    stands = Signup.objects.filter(pk=event.data["signup"], state__in=STANDS[event.kind]).exists()
    return stands and (session.cancelled_at is None or event.kind == "training.certified")


def _stands(session: Session, person_id: int, *states: str) -> bool:
    return Signup.objects.filter(session=session, person_id=person_id, state__in=states).exists()


def _headline(kind: str) -> str:
    return {
        "training.signed_up": _("You have a seat"),
        "training.queued": _("You are on the waiting list"),
        "training.moved_up": _("A seat got free, and it is yours"),
        "training.withdrawn": _("You are no longer signed up"),
        "training.cancelled": _("The session does not take place"),
        "training.changed": _("The session was moved"),
        "training.near": _("A reminder: your session begins soon"),
    }[kind]


def _what_follows(kind: str, *, attached: bool) -> list[str]:
    if kind == "training.queued":
        return [_("When somebody leaves, whoever waits longest gets the seat and is told.")]
    if kind == "training.changed":
        said = [_("Its time or place is another one now.")]
        return [*said, _("The attached file changes the entry in your calendar.")] if attached else said
    if kind in ("training.signed_up", "training.moved_up"):
        return [_("The attached file puts it into your calendar. If you cannot come, withdraw: others wait.")]
    return []


def _facts(session: Session) -> tuple[tuple[str, str], ...]:
    rows = [(_("Begins"), moment(session.starts_at)), (_("Ends"), moment(session.ends_at))]
    rows += [(words, value) for words, value in ((_("Place"), session.place), (_("Link"), session.link)) if value]
    return (*rows, (_("Trainer"), session.trainer.name))


def _files(kind: str, session: Session, mail: OutgoingMail, url: str) -> tuple[tuple[str, bytes, str], ...]:
    """For the calendars of those who have a seat, or had one."""
    if kind in ("training.queued", "training.near") or mail.person_id == session.trainer_id:
        return ()
    if kind == "training.changed" and not _stands(session, mail.person_id, SEATED):
        return ()
    out = kind in ("training.withdrawn", "training.cancelled")
    return ((NAME, write_ics(session, mail.person, url=url, cancelled=out), CONTENT_TYPE),)


def _certified(event: Event, session: Session) -> Letter | None:
    certificate = Certificate.objects.filter(pk=event.data["certificate"]).first()
    if certificate is None:
        return None
    if event.kind == "training.expiring":
        return _expiring(session, certificate)
    return Letter(
        subject=_("Your certificate: %(course)s") % {"course": session.course.name},
        paragraphs=(_("You took part and passed. The certificate can be printed from the page."),),
        facts=((_("Valid until"), day(certificate.valid_until)),),
        link=absolute(reverse("training:list")),
        link_words=_("Open your certificates"),
    )


def _expiring(session: Session, certificate: Certificate) -> Letter:
    return Letter(
        subject=_("Your certificate expires: %(course)s") % {"course": certificate.name},
        paragraphs=(_("Take part in the course again to hold a valid one without a gap."),),
        facts=((_("Valid until"), day(certificate.valid_until)),),
        link=absolute(reverse("training:course", args=[session.course_id])),
        link_words=_("Open the course"),
    )


def _recommended(event: Event) -> Letter | None:
    course = Course.objects.filter(pk=event.subject_id, is_active=True).first()
    if course is None:
        return None
    return Letter(
        subject=_("Recommended training: %(course)s") % {"course": course.name},
        paragraphs=(
            _("A corrective action of your department was traced to a cause that this course is against."),
            _("Sign up your people, or say that it is not needed."),
        ),
        link=absolute(reverse("training:course", args=[course.pk])),
        link_words=_("Open the course"),
    )


def register() -> None:
    """Called once, while the apps start."""
    for kind in KINDS:
        write_with(kind, write_letter)
