"""Mail about awards: nominate, vote, announce what was decided, and who won. It never says how anybody voted."""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.awards.models import Award, Nomination
from feedback.awards.states import ANNOUNCED, DECIDED, NOMINATING, VOTING, Outcome, Way
from feedback.awards.voters import everybody, voters_of
from feedback.awards.wording import named, outcome_of, stretch_of
from requests_app.events.models import Event
from requests_app.kernel.formats import day
from requests_app.messaging.letters import absolute
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Letter, write_with
from requests_app.messaging.services import mail_row, queue_all
from requests_app.messaging.states import NEWS_DAYS
from requests_app.org.models import Membership, Person
from requests_app.org.states import LEADING_ROLES, DepartmentKind

KINDS = ("award.opened", "award.vote_opened", "award.decided", "award.announced", "award.cancelled")
# Where it still stands for the news to be news.
STANDS = {
    "award.opened": {NOMINATING}, "award.vote_opened": {VOTING}, "award.decided": {DECIDED},
    "award.announced": {ANNOUNCED},
}  # fmt: skip


def queue_letters(events: list[Event]) -> None:
    """A mail for everybody to whom one of the events is news. Safe to run twice."""
    oldest = timezone.now() - timedelta(days=NEWS_DAYS)
    events = [event for event in events if event.at >= oldest]
    awards = Award.objects.in_bulk({event.subject_id for event in events})
    queue_all(
        mail_row(event.kind, person_id, f"{event.kind}:{event.pk}:{person_id}", None, {"event": event.pk})
        for event in events
        if event.subject_id in awards
        for person_id in _readers(event, awards[event.subject_id])
    )


def _readers(event: Event, award: Award) -> Iterable[int]:
    """Heads are asked to nominate, voters to vote, administrators to announce; everybody hears who won."""
    if event.kind == "award.opened":
        return [] if award.way == Way.FIGURES else _heads()
    if event.kind == "award.vote_opened":
        return list(voters_of(award)) if award.state == VOTING else []
    if event.kind == "award.decided":
        return Person.objects.filter(is_admin=True, is_active=True).order_by("pk").values_list("pk", flat=True)
    if event.kind == "award.announced":
        return everybody().values_list("pk", flat=True)
    wrote = Nomination.objects.filter(nominee__award=award).values_list("person_id", flat=True)
    return sorted({*wrote, *award.jurors.values_list("person_id", flat=True)} - {event.actor_id})


def _heads() -> list[int]:
    rows = Membership.objects.filter(role__in=LEADING_ROLES, person__is_active=True, department__is_active=True)
    rows = rows.filter(department__kind=DepartmentKind.INTERNAL).order_by("person_id")
    return list(rows.values_list("person_id", flat=True).distinct())


def write_letter(mail: OutgoingMail) -> Letter | None:
    """None when it is no news any more."""
    event = Event.objects.filter(pk=mail.data.get("event")).first()
    rows = Award.objects.visible_to(mail.person).select_related("programme")
    award = rows.filter(pk=event.subject_id).first() if event else None
    if event is None or award is None or award.state not in STANDS.get(event.kind, {award.state}):
        return None
    return Letter(
        subject=f"{_headline(event.kind)}: {award.programme.name}",
        paragraphs=tuple(_says(event.kind, award)),
        quote=event.data.get("note", ""),
        facts=((_("For"), stretch_of(award)),),
        link=absolute(reverse("awards:award", args=[award.pk])),
        link_words=_("Open the award"),
    )


def _headline(kind: str) -> str:
    return {
        "award.opened": _("Nominate for an award"),
        "award.vote_opened": _("Vote on an award"),
        "award.decided": _("An award is decided"),
        "award.announced": _("An award is announced"),
        "award.cancelled": _("An award was cancelled"),
    }[kind]


def _says(kind: str, award: Award) -> Iterable[str]:
    if kind == "award.opened" and award.nominate_until:
        yield _("Who deserves it, and why? Nominations are open until %(day)s.") % {"day": day(award.nominate_until)}
    if kind == "award.vote_opened" and award.vote_until:
        yield _("The vote is secret and open until %(day)s. Everybody has one.") % {"day": day(award.vote_until)}
    if kind == "award.decided":
        yield _("Look at the outcome, then announce it: nobody else knows it until then.")
    if kind == "award.announced":
        yield outcome_of(award)
        if award.outcome != Outcome.NONE:
            yield named(award.nominees.filter(won=True).select_related("department"))


def register() -> None:
    """Called once, while the apps start."""
    for kind in KINDS:
        write_with(kind, write_letter)
