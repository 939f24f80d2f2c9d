"""What is said with a step, checked: the words as they are kept, or WrongInput naming each field and its remedy."""

from dataclasses import replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from feedback.actions.causes import checked_proposal
from feedback.actions.models import Cause, CorrectiveAction
from feedback.actions.states import (
    ACCEPTED,
    LONGEST_CHECK,
    LONGEST_TEXT,
    LONGEST_WHY,
    MOST_WHYS,
    Metric,
    Move,
    Proposal,
    Words,
)
from requests_app.catalogue.models import Service
from requests_app.kernel.errors import WrongInput, check_text
from requests_app.org.models import Person
from requests_app.org.selectors import agents_of

LONGEST_PLAN = timedelta(days=3 * 366)


def checked(move: Move, words: Words, action: CorrectiveAction, today: date) -> Words:
    """The words of the step; what it does not ask for is left out."""
    errors: dict[str, list[str]] = {}
    note = _text(errors, "note", words.note, LONGEST_TEXT)
    if "note" in move.needs and not note and "note" not in errors:
        errors["note"] = [_("This is needed. Write a few words.")]
    found = Words(note=note)
    if "whys" in move.needs:
        found = replace(found, whys=_whys(errors, words.whys))
        proposal = _proposal(errors, words)
        found = replace(found, proposal=proposal) if proposal else replace(found, cause=_cause(errors, words, action))
        found = replace(found, service=_service(errors, words.service, action))
    if "owner" in move.needs:
        found = replace(found, owner=_owner(errors, words.owner, action), due_on=_due(errors, words.due_on, today))
        found = replace(found, metric=_metric(errors, words.metric), target_percent=_target(errors, words))
    if move.name == "verify":
        found = replace(found, check_days=_days(errors, words.check_days))
    if errors:
        raise WrongInput(errors)
    return found


def _text(errors: dict[str, list[str]], name: str, value: str, longest: int) -> str:
    try:
        return check_text(name, value.strip(), longest=longest)
    except WrongInput as error:
        errors.update(error.errors)
        return ""


def _whys(errors: dict[str, list[str]], whys: tuple[str, ...]) -> tuple[str, ...]:
    kept = tuple(text for text in (_text(errors, "whys", why, LONGEST_WHY) for why in whys) if text)
    if not kept and "whys" not in errors:
        errors["whys"] = [_("Ask at least once why it happened, and answer that.")]
    if len(kept) > MOST_WHYS:
        errors["whys"] = [_("At most %(n)s answers fit.") % {"n": MOST_WHYS}]
    return kept


def _cause(errors: dict[str, list[str]], words: Words, action: CorrectiveAction) -> Cause | None:
    """A cause of the tree, or one that is proposed for this action: locked, so that nobody decides on it meanwhile."""
    cause = words.cause
    if cause is not None and cause.state != ACCEPTED:
        cause = Cause.objects.select_for_update(of=("self",), no_key=True).get(pk=cause.pk)
    if cause is None:
        errors["cause"] = [_("Choose the cause that comes closest.")]
    elif not cause.is_active or (cause.state != ACCEPTED and cause.proposed_for_id != action.pk):
        errors["cause"] = [_("This cause is not used any more. Choose another.")]
    return cause


def _proposal(errors: dict[str, list[str]], words: Words) -> Proposal | None:
    """A missing cause instead of one of the tree."""
    proposal = words.proposal
    if proposal is None:
        return None
    if words.cause is not None:
        errors["proposed_cause"] = [_("Choose a cause or propose one, not both.")]
    elif proposal.below is None or proposal.below.state != ACCEPTED or not proposal.below.is_active:
        errors["proposed_below"] = [_("Choose the cause that it belongs below.")]
    else:
        try:
            name = checked_proposal(proposal.name, proposal.below, fields=("proposed_cause", "proposed_below"))
            return replace(proposal, name=name)
        except WrongInput as error:
            errors.update(error.errors)
    return proposal


def _owner(errors: dict[str, list[str]], owner: Person | None, action: CorrectiveAction) -> Person | None:
    if owner is None or not agents_of(action.supplier_id).filter(pk=owner.pk).exists():
        errors["owner"] = [_("Choose somebody who works for %(name)s.") % {"name": action.supplier.name}]
    return owner


def _due(errors: dict[str, list[str]], due_on: date | None, today: date) -> date | None:
    if due_on is None or not today <= due_on <= today + LONGEST_PLAN:
        errors["due_on"] = [_("Give a day from today on, within three years.")]
    return due_on


def _service(errors: dict[str, list[str]], service: Service | None, action: CorrectiveAction) -> Service | None:
    if service is not None and service.department_id != action.supplier_id:
        errors["service"] = [_("This department does not offer that. Choose one of its services.")]
    return service


def _metric(errors: dict[str, list[str]], metric: str) -> str:
    if metric and metric not in Metric.values:
        errors["metric"] = [_("There is no such figure. Choose one of: %(all)s.") % {"all": ", ".join(Metric.values)}]
    return metric


def _target(errors: dict[str, list[str]], words: Words) -> int | None:
    percent = words.target_percent
    if percent is not None and not 1 <= percent <= 100:
        errors["target_percent"] = [_("Give a number of percent from 1 to 100.")]
    return percent


def _days(errors: dict[str, list[str]], days: int | None) -> int | None:
    if days is not None and not 1 <= days <= LONGEST_CHECK:
        errors["check_days"] = [_("Give a number of days from 1 to %(n)s.") % {"n": LONGEST_CHECK}]
    return days
