"""What is written at a talk: points, minutes of each side, decisions, tasks and corrective actions."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.actions.policies import can_open
from feedback.actions.services import open_action
from feedback.actions.states import LONGEST_TITLE, SourceKind
from feedback.talks import policies
from feedback.talks.models import Talk, TalkItem
from feedback.talks.selectors import notes_values, people_of, writable
from feedback.talks.services import lock_talk, note
from feedback.talks.states import LONGEST_LINE, LONGEST_NOTES, OPEN, Point
from requests_app.agreements.states import Side
from requests_app.events.models import Event
from requests_app.kernel.errors import IllegalMove, NotAllowed, WrongInput, check_text, require_text
from requests_app.kernel.versions import require_unchanged
from requests_app.org.models import Person

MOST_LINES = 100
LONGEST_TASK = timedelta(days=3 * 366)
TYPING = timedelta(minutes=5)


@transaction.atomic
def add_point(*, by: Person, talk: Talk, text: str, at: datetime | None = None) -> TalkItem:
    """A point that somebody of either side wants to talk about; before the talk or while it is held."""
    talk = lock_talk(talk.pk)
    policies.require_part(by, talk.series)
    if talk.state not in OPEN:
        raise IllegalMove(_("This talk is over. Add it to the next one."))
    return _line(talk, by, Point.OWN, text, at)


@transaction.atomic
def decide(*, by: Person, talk: Talk, text: str, at: datetime | None = None) -> TalkItem:
    """Something that the two sides settled."""
    talk = _writable(talk, by, at)
    return _line(talk, by, Point.DECISION, text, at)


@transaction.atomic
def give_task(
    *, by: Person, talk: Talk, text: str, owner: Person | None, due_on: date | None, at: datetime | None = None
) -> TalkItem:
    """Something that somebody of the two departments does until a day."""
    talk = _writable(talk, by, at)
    today = timezone.localdate(at or timezone.now())
    wrong = {}
    if owner is None or owner.pk not in set(people_of(talk.series).values_list("pk", flat=True)):
        wrong["owner"] = [_("Choose somebody of the two departments.")]
    if due_on is None or not today <= due_on <= today + LONGEST_TASK:
        wrong["due_on"] = [_("Give a day from today on, within three years.")]
    if wrong:
        raise WrongInput(wrong)
    return _line(talk, by, Point.TASK, text, at, owner=owner, due_on=due_on)


@transaction.atomic
def begin_correction(*, by: Person, talk: Talk, text: str, at: datetime | None = None) -> TalkItem:
    """A corrective action of the supplier, agreed on in the talk; heads of either side write it down."""
    talk = _writable(talk, by, at)
    policies.require_lead(by, talk.series)
    title = require_text("text", text, longest=LONGEST_TITLE)
    item = _line(talk, by, Point.CORRECTION, title, at)
    series = talk.series
    item.corrective_action = open_action(
        by=by if can_open(by, series.supplier_id) else None, source_kind=SourceKind.TALK, source_id=item.pk,
        supplier=series.supplier, customer=series.customer, title=title, at=at,
    )  # fmt: skip
    item.save(update_fields=["corrective_action"])
    return item


def require_line(person: Person, talk: Talk, kind: str) -> None:
    """NotAllowed where this person could not write such a line, whatever the talk's state."""
    if kind == Point.CORRECTION:
        policies.require_lead(person, talk.series)
    else:
        policies.require_part(person, talk.series)


def require_minutes(person: Person, talk: Talk, side: str) -> None:
    policies.require_side(person, talk.series, side)


def _writable(talk: Talk, by: Person, at: datetime | None) -> Talk:
    talk = lock_talk(talk.pk)
    policies.require_part(by, talk.series)
    if not writable(talk, at or timezone.now()):
        raise IllegalMove(_("This is written while the talk is held, and in the week after it."))
    return talk


def _line(talk: Talk, by: Person, kind: str, text: str, at: datetime | None, **more: object) -> TalkItem:
    if talk.items.filter(by__isnull=False).count() >= MOST_LINES:
        raise IllegalMove(_("A talk has at most %(n)s lines. Keep the rest for the next one.") % {"n": MOST_LINES})
    text = require_text("text", text, longest=LONGEST_LINE)
    item = TalkItem.objects.create(talk=talk, kind=kind, text=text, by=by, **more)
    data = {"item": item.pk, "what": item.kind, "text": text}
    if item.owner_id:
        data |= {"owner": item.owner_id, "due_on": item.due_on.isoformat() if item.due_on else None}
    note("meeting.noted", talk.series, by, at or timezone.now(), data, talk)
    return item


@transaction.atomic
def write_minutes(
    *, by: Person, talk: Talk, side: str, text: str, based_on: str | None = None, at: datetime | None = None
) -> Talk:
    """The minutes of one side. StaleVersion when somebody of it saved other words since `based_on` was read."""
    talk = lock_talk(talk.pk)
    policies.require_side(by, talk.series, side)
    if not writable(talk, at or timezone.now()):
        raise IllegalMove(_("This is written while the talk is held, and in the week after it."))
    text = check_text("text", text.strip().replace("\r\n", "\n"), longest=LONGEST_NOTES)
    if text == talk.notes_of(side):
        return talk
    require_unchanged(based_on, notes_values(talk, side))
    field = "notes_supplier" if side == Side.SUPPLIER else "notes_customer"
    setattr(talk, field, text)
    talk.save(update_fields=[field])
    now = at or timezone.now()
    if not _minuted_lately(talk, by, side, now):
        note("meeting.minuted", talk.series, by, now, {"side": side}, talk)
    return talk


def _minuted_lately(talk: Talk, by: Person, side: str, now: datetime) -> bool:
    """Pages save every few words: the log says who wrote when to a few minutes, not each pause."""
    rows = Event.objects.filter(subject_kind="talk", subject_id=talk.pk, kind="meeting.minuted", actor_id=by.pk)
    return rows.filter(data__side=side, at__gt=now - TYPING, at__lte=now).exists()


@transaction.atomic
def finish_task(*, by: Person, item: TalkItem, at: datetime | None = None) -> TalkItem:
    """A task is done; said by its owner or by a head of either side. Said again it changes nothing."""
    talk = lock_talk(item.talk_id)
    item = TalkItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if item.kind != Point.TASK:
        raise IllegalMove(_("Only tasks are done."))
    if item.owner_id != by.pk and not policies.leads(by, talk.series):
        raise NotAllowed(
            _("Whoever has the task says that it is done."), needed=_("Ask its owner or a head of the two departments.")
        )
    if item.done_at is None:
        item.done_at = at or timezone.now()
        item.save(update_fields=["done_at"])
        note("meeting.task_done", talk.series, by, item.done_at, {"item": item.pk, "text": item.text}, talk)
    return item
