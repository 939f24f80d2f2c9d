"""Mail about training: the invitation with its calendar file, a seat that got free, what is recommended."""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
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

OF_PERSON = ("training.signed_up", "training.queued", "training.moved_up", "training.withdrawn", "training.certified")
KINDS = (*OF_PERSON, "training.cancelled", "training.recommended")
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
    rows = Signup.objects.filter(session_id=event.subject_id).exclude(state=WITHDRAWN)
    return sorted(rows.values_list("person_id", flat=True))


def write_letter(mail: OutgoingMail) -> Letter | None:
    """None when it is no news any more."""
    event = Event.objects.filter(pk=mail.data.get("event")).first()
    if event is None:
        return None
    if event.kind == "training.recommended":
        return _recommended(event)
    session = Session.objects.filter(pk=event.subject_id).select_related("course", "trainer").first()
    if session is None or not _is_news(event, session):
        return None
    if event.kind == "training.certified":
        return _certified(event, session)
    path = absolute(reverse("training:session", args=[session.pk]))
    headline = _headline(event.kind)
    return Letter(
        subject=f"{headline}: {session.course.name}",
        paragraphs=(headline + ".", *_what_follows(event.kind)),
        facts=_facts(session),
        link=path,
        link_words=_("Open the session"),
        files=_files(event.kind, session, mail, path),
    )


def _is_news(event: Event, session: Session) -> bool:
    if event.kind == "training.cancelled":
        return True
    stands = Signup.objects.filter(pk=event.data["signup"], state__in=STANDS[event.kind]).exists()
    return stands and (session.cancelled_at is None or event.kind == "training.certified")


def _headline(kind: str) -> str:
    return {
        "training.signed_up": _("You have a seat"),
        "training.queued": _("You are on the waiting list"),
        "training.moved_up": _("A seat got free, and it is yours"),
        "training.withdrawn": _("You are no longer signed up"),
        "training.cancelled": _("The session does not take place"),
    }[kind]


def _what_follows(kind: str) -> list[str]:
    if kind == "training.queued":
        return [_("When somebody leaves, whoever waits longest gets the seat and is told.")]
    if kind in ("training.signed_up", "training.moved_up"):
        return [_("The attached file puts it into your calendar. If you cannot come, withdraw: others wait.")]
    return []


def _facts(session: Session) -> tuple[tuple[str, str], ...]:
    rows = [(_("Begins"), moment(session.starts_at)), (_("Ends"), moment(session.ends_at))]
    rows += [(words, value) for words, value in ((_("Place"), session.place), (_("Link"), session.link)) if value]
    return (*rows, (_("Trainer"), session.trainer.name))


def _files(kind: str, session: Session, mail: OutgoingMail, url: str) -> tuple[tuple[str, bytes, str], ...]:
    if kind == "training.queued":
        return ()
    out = kind in ("training.withdrawn", "training.cancelled")
    return ((NAME, write_ics(session, mail.person, url=url, cancelled=out), CONTENT_TYPE),)


def _certified(event: Event, session: Session) -> Letter | None:
    certificate = Certificate.objects.filter(pk=event.data["certificate"]).first()
    if certificate is None:
        return None
    return Letter(
        subject=_("Your certificate: %(course)s") % {"course": session.course.name},
        paragraphs=(_("You took part and passed. The certificate can be printed from the page."),),
        facts=((_("Valid until"), day(certificate.valid_until)),),
        link=absolute(reverse("training:list")),
        link_words=_("Open your certificates"),
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
