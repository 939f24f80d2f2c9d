"""Where a need was heard of: from what was typed to the row that it names, as far as the reader may see that."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from feedback.needs.models import Need, NeedSource
from feedback.needs.states import IN_WORDS, LONGEST_WORDS, MOST_SOURCES, SourceKind
from feedback.surveys.models import Campaign, SurveyAnswer
from feedback.surveys.policies import can_read_results
from feedback.surveys.selectors import audience_ids, lists_for
from feedback.surveys.states import CLOSED, FLOOR
from feedback.voice.models import Voice
from requests_app.desk.models import ServiceRequest
from requests_app.desk.selectors.requests import get_service_request
from requests_app.kernel.errors import WrongInput, require_text
from requests_app.org.models import Person

COLUMN = {SourceKind.REQUEST: "service_request", SourceKind.VOICE: "voice", SourceKind.SURVEY: "campaign"}


@dataclass(frozen=True)
class Found:
    """What is named as a source: a row, or words."""

    kind: str
    row: ServiceRequest | Voice | Campaign | None = None
    words: str = ""


def find_source(*, person: Person, kind: str, text: str) -> Found:
    """The request of this number, what was said or the survey with this number, or the words; WrongInput otherwise."""
    if kind not in SourceKind.values:
        raise WrongInput({"kind": [_("Choose one of: %(values)s.") % {"values": ", ".join(SourceKind.values)}]})
    text = require_text("text", text, longest=LONGEST_WORDS)
    if kind in IN_WORDS:
        return Found(kind, words=text)
    row = _row(person, kind, text)
    if row is None:
        raise WrongInput({"text": [_("There is none of this number. Give the number on its page, such as %(like)s.")
                                   % {"like": "SR-000123" if kind == SourceKind.REQUEST else "12"}]})  # fmt: skip
    return Found(kind, row)


def _row(person: Person, kind: str, text: str) -> ServiceRequest | Voice | Campaign | None:
    if kind == SourceKind.REQUEST:
        try:
            return get_service_request(person=person, number=text.upper())
        except Http404:
            return None
    number = text.lstrip("#")
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    rows = (
        Voice.objects.visible_to(person).filter(confidential=False) if kind == SourceKind.VOICE else lists_for(person)
    )
    return rows.filter(pk=int(number)).first()


def attach(need: Need, source: Found, by: Person) -> None:
    """Write it down. Call inside the transaction that holds the need's lock."""
    if need.sources.count() >= MOST_SOURCES:
        raise WrongInput(
            {"text": [_("A need names %(n)s sources at most. Take one back first.") % {"n": MOST_SOURCES}]}
        )
    values = {COLUMN[SourceKind(source.kind)]: source.row} if source.row is not None else {"words": source.words}
    if need.sources.filter(kind=source.kind, **values).exists():
        raise WrongInput({"text": [_("It is named already.")]})
    NeedSource.objects.create(need=need, kind=source.kind, added_by=by, **values)


@dataclass(frozen=True)
class SourceLine:
    """A source as one reader sees it. `hidden`: it is not theirs to see, and nothing is told but its kind.

    `answers` of a survey: how many, from five on and for whoever may read its results; else None.
    """

    pk: int
    kind: str
    kind_words: str
    words: str
    number: str
    target: int
    hidden: bool
    answers: int | None = None


def source_lines(person: Person, need: Need) -> list[SourceLine]:
    """In the order in which they were named; one query for each kind that occurs."""
    rows = list(need.sources.order_by("pk"))
    requests = ServiceRequest.objects.visible_to(person).defer("search").in_bulk(_ids(rows, "service_request_id"))
    voices = Voice.objects.visible_to(person).in_bulk(_ids(rows, "voice_id"))
    campaigns = {row.pk: row for row in lists_for(person).filter(pk__in=_ids(rows, "campaign_id"))}
    seen: dict[str, Any] = {"request": requests, "voice": voices, "survey": campaigns}
    answers = _answers(person, list(campaigns.values()))
    return [_line(row, seen, answers) for row in rows]


def _ids(rows: Sequence[NeedSource], column: str) -> list[int]:
    return [getattr(row, column) for row in rows if getattr(row, column)]


def _line(row: NeedSource, seen: dict[str, Any], answers: dict[int, int]) -> SourceLine:
    kind = SourceKind(row.kind)
    if kind in IN_WORDS:
        return SourceLine(row.pk, row.kind, str(kind.label), row.words, "", 0, False)
    target = row.service_request_id or row.voice_id or row.campaign_id or 0
    found = seen[kind].get(target)
    number = found.number if isinstance(found, ServiceRequest) else ""
    return SourceLine(
        row.pk, row.kind, str(kind.label), found.title if found else "", number, target, found is None,
        answers.get(target) if kind == SourceKind.SURVEY else None,
    )  # fmt: skip


def _answers(person: Person, campaigns: Sequence[Campaign]) -> dict[int, int]:
    """SECURITY: as on the page of results, closed campaigns only, and nothing below the floor."""
    told = [row.pk for row in campaigns if row.state == CLOSED and can_read_results(person, row, audience_ids(row))]
    counts: dict[int, int] = {}
    for campaign_id in SurveyAnswer.objects.filter(campaign__in=told).values_list("campaign_id", flat=True):
        counts[campaign_id] = counts.get(campaign_id, 0) + 1
    return {pk: n for pk, n in counts.items() if n >= FLOOR}
