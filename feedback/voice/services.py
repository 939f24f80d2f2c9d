"""Saying something to a department, answering it, voting for it; each in one transaction."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.actions.models import CorrectiveAction
from feedback.actions.services import open_action
from feedback.actions.states import SourceKind
from feedback.voice import appeals, policies
from feedback.voice.models import Voice, Vote
from feedback.voice.states import (
    ANSWER_DAYS,
    APPEAL_DAYS,
    FIRST,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_A_DAY,
    OPEN,
    Kind,
    Move,
    move_of,
)
from requests_app.calendars.selectors import current_version, day_rule_of
from requests_app.calendars.workdays import add_days
from requests_app.calendars.worktime import NoWorkingTime
from requests_app.catalogue.states import Privacy
from requests_app.desk.models import ServiceRequest
from requests_app.events.services import record
from requests_app.kernel.errors import (
    DomainError,
    IllegalMove,
    NotAllowed,
    StaleVersion,
    WrongInput,
    check_text,
    require_text,
)
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing


@transaction.atomic
def say(
    *,
    by: Person,
    kind: str,
    title: str,
    body: str = "",
    department: Department | None = None,
    service_request: ServiceRequest | None = None,
    confidential: bool = False,
    at: datetime | None = None,
) -> Voice:
    """Complain, suggest or praise: to a department, or about a request, whose supplier it is then for.

    Only a complaint can be confidential: it belongs to no department of who complains.
    """
    if confidential and kind != Kind.COMPLAINT:
        raise WrongInput(
            {"confidential": [_("Only a complaint can be confidential. Choose that kind, or take this back.")]}
        )
    if service_request is not None:
        policies.require_say_on(by, service_request)
        department = service_request.supplier
        customer_id = _asking_side(service_request, kind)
    elif department is not None:
        customer_id = _from(by, department)
    else:
        raise WrongInput({"department": [_("Name either a department or a request.")]})
    policies.require_say_to(by, kind, department)
    now = at or timezone.now()
    if kind == Kind.COMPLAINT:
        _require_calm(by, now)
    voice = Voice(
        kind=kind,
        department=department,
        customer_id=None if confidential else customer_id,
        confidential=confidential,
        service_request=service_request,
        author=by,
        title=require_text("title", title, longest=LONGEST_TITLE),
        body=check_text("body", body.strip(), longest=LONGEST_TEXT),
        state=FIRST[Kind(kind)],
        said_at=now,
        due_at=_due(department, now, ANSWER_DAYS) if kind != Kind.PRAISE else None,
    )
    voice.owner_id, voice.stands_in = appeals.owner_of(voice)
    voice.save()
    _record("voice.said", voice, by, now)
    return voice


def _asking_side(service_request: ServiceRequest, kind: str) -> int | None:
    """Of a confidential request the head of the asking side knows nothing, and nothing of it is for everybody."""
    if service_request.privacy != Privacy.CONFIDENTIAL:
        return service_request.customer_id
    if kind != Kind.COMPLAINT:
        raise WrongInput({"kind": [_("This request is confidential, and all but complaints is read by everybody.")]})
    return None


def _from(person: Person, department: Department) -> int | None:
    """For which department the person speaks: their home, else any other than the one that is spoken to."""
    hats = standing(person)
    others = sorted(hats.member_of - {department.pk})
    return hats.home_id if hats.home_id in others else next(iter(others), None)


def _require_calm(person: Person, now: datetime) -> None:
    Person.objects.select_for_update().get(pk=person.pk)  # of many at once only so many get through
    day = Voice.objects.filter(author=person, kind=Kind.COMPLAINT, said_at__gt=now - timedelta(days=1))
    if day.count() >= MOST_A_DAY:
        raise DomainError(_("You have complained five times in a day. Talk to the department, or come back tomorrow."))


def _due(department: Department, now: datetime, days: int) -> datetime:
    """After so many working days of the department that answers."""
    version = current_version(department.calendar_id)
    try:
        return add_days(now, days, day_rule_of(version.pk))
    except NoWorkingTime:
        return now + timedelta(days=days)


@transaction.atomic
def take_step(
    *, by: Person, voice: Voice, name: str, note: str = "", expected_version: int | None = None,
    at: datetime | None = None,
) -> Voice:  # fmt: skip
    """Take the step `name`, or raise a DomainError and change nothing."""
    move = move_of(voice.kind, name)
    voice = lock_voice(voice.pk)
    now = at or timezone.now()
    policies.require_move(by, voice, move)
    if expected_version is not None and expected_version != voice.version:
        raise StaleVersion(_("Somebody took a step here since you opened it. Look at it again, then decide."))
    if voice.state not in move.sources:
        raise IllegalMove(
            _("This is not possible while it stands at: %(state)s.") % {"state": voice.get_state_display()}
        )
    if move.once_late and not voice.is_late(now):
        raise IllegalMove(_("The answer is not late yet. Wait until it is due, or take your complaint back."))
    note = require_text("note", note, longest=LONGEST_TEXT) if move.note else ""
    _apply(voice, move, note, now)
    voice.version += 1
    voice.save()
    _record(move.event, voice, by, now, note)
    return voice


def lock_voice(pk: int) -> Voice:
    rows = Voice.objects.select_for_update(of=("self",))
    return rows.select_related("department", "customer", "author", "owner", "arbiter", "service_request").get(pk=pk)


def _apply(voice: Voice, move: Move, note: str, now: datetime) -> None:
    if move.permission in ("department", "complaint.propose_closure"):
        voice.outcome, voice.answered_at = note, now
    if move.name == "disagree":
        voice.due_at, voice.late_level = _due(voice.department, now, ANSWER_DAYS), 0
    if move.name in ("appeal", "escalate"):
        voice.appealed_at, voice.appeal_due_at = now, _due(voice.department, now, APPEAL_DAYS)
        voice.arbiter_id, voice.late_level = appeals.arbiter_of(voice), 0
    if move.name == "decide":
        voice.decision, voice.decided_at = note, now
    voice.state = move.target


def _record(kind: str, voice: Voice, by: Person, at: datetime, note: str = "") -> None:
    record_step(kind, voice, by, at, {"note": note} if note else {})


def record_step(kind: str, voice: Voice, by: Person | None, at: datetime, more: dict[str, Any]) -> None:
    """What happened, into the log; of a confidential complaint the log does not say which request it is about."""
    data = {"voice": voice.kind, "supplier": voice.department_id, "customer": voice.customer_id}
    data["department"] = voice.department_id
    data["request"] = None if voice.confidential else voice.service_request_id
    record(kind=kind, subject_kind="voice", subject_id=voice.pk, by=by, at=at, data=data | more)


@transaction.atomic
def vote(*, by: Person, voice: Voice, wanted: bool) -> Voice:
    """Want a suggestion too, or no longer. The same again changes nothing; nobody votes for their own."""
    voice = lock_voice(voice.pk)
    if voice.kind != Kind.SUGGESTION:
        raise IllegalMove(_("Only suggestions are voted on."))
    if voice.author_id == by.pk:
        raise NotAllowed(_("Your own suggestion has your voice already."), needed=_("Everybody else votes."))
    if not standing(by).member_of:
        raise NotAllowed(_("Only members of departments vote."), needed=_("Ask an administrator."))
    if voice.state != OPEN:
        raise IllegalMove(_("It has been decided on. Votes count while it is open."))
    mine = Vote.objects.filter(voice=voice, person=by)
    if mine.exists() == wanted:
        return voice
    if wanted:
        Vote.objects.create(voice=voice, person=by)
    else:
        mine.delete()
    voice.votes += 1 if wanted else -1
    voice.save(update_fields=["votes"])
    _record("voice.voted" if wanted else "voice.unvoted", voice, by, timezone.now())
    return voice


def correct(*, by: Person, voice: Voice) -> CorrectiveAction:
    """Follow a complaint to its cause: the corrective action of it, opened once (the head of the department)."""
    if voice.kind != Kind.COMPLAINT:
        raise IllegalMove(_("Only complaints lead to a corrective action."))
    if voice.confidential:
        raise IllegalMove(_("This complaint is confidential, and corrective actions are read by many."))
    service = voice.service_request.service if voice.service_request else None
    return open_action(
        by=by,
        source_kind=SourceKind.COMPLAINT,
        source_id=voice.pk,
        supplier=voice.department,
        customer=voice.customer,
        service=service if service and service.department_id == voice.department_id else None,
        title=voice.title,
        problem=voice.body,
    )
