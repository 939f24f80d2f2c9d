"""Finding all themes and recurring needs anew. Derived, so it writes no event, and twice is as good as once."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from metrics.themes.finding import agreement_in, enough, lately, needs_in, themes_in
from metrics.themes.models import NeedRequest, Reading, RecurringNeed, Theme, ThemeText
from metrics.themes.reading import (
    ANSWER,
    read_answers,
    read_requests,
    read_said,
    stems_of,
    window_of,
)
from metrics.themes.states import NEED_WEEKS, WEEKS, Source, Text
from requests_app.events.services import claim_slot
from requests_app.kernel.bulk import copy_in
from requests_app.org.models import Department

LOCK = 0x5448 << 44
DAY = 86400


@transaction.atomic
def find_all_if_due() -> bool:
    """Once a day; a night that fails gives the day back, since the claim is undone with it."""
    due = claim_slot("metrics.themes", seconds=DAY)
    if due:
        find_all()
    return due


@transaction.atomic
def find_all(*, now: datetime | None = None) -> int:
    """Replace every theme and every recurring need; how many there are."""
    now = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    Reading.objects.all().delete()
    RecurringNeed.objects.all().delete()
    return _find_themes(now) + _find_needs(now)


def _find_themes(now: datetime) -> int:
    """Of each department with everything below it."""
    by_source = {Source.SAID: read_said(now), Source.ANSWERS: read_answers(now)}
    stems = stems_of(text for found in by_source.values() for texts in found.values() for text in texts)
    themes: list[Theme] = []
    kept: list[ThemeText] = []
    for department, ids in _trees().items():
        for source, found in by_source.items():
            texts = [text for pk in ids for text in found.get(pk, ())]
            if texts:
                reading = _reading(department, source, texts, now)
                _add_themes(reading, texts, stems, themes, kept)
    copy_in(Theme, themes)
    for row in kept:
        row.theme_id = row.theme.pk
    copy_in(ThemeText, kept)
    return len(themes)


def _trees() -> dict[int, list[int]]:
    paths = dict(Department.objects.order_by("pk").values_list("pk", "path"))
    whole = {pk: path or f"/{pk}/" for pk, path in paths.items()}
    return {pk: [one for one, path in whole.items() if path.startswith(own)] for pk, own in whole.items()}


def _reading(department: int, source: Source, texts: list[Text], now: datetime) -> Reading:
    window, current = window_of(WEEKS[source], now), lately(texts)
    before = [text for text in texts if not text.lately]
    told = agreement_in(current) if enough(current, source) else None
    return Reading.objects.create(
        department_id=department,
        source=source,
        first=window.first,
        end=window.end,
        texts=len(current) if enough(current, source) else 0,
        before=len(before) if enough(before, source) else 0,
        agreed=told.same if told else 0,
        compared=told.of if told else 0,
        computed_at=now,
    )


def _add_themes(
    reading: Reading, texts: list[Text], stems: Mapping[str, str], themes: list[Theme], kept: list[ThemeText]
) -> None:
    for place, found in enumerate(themes_in(texts, Source(reading.source), stems)):
        theme = Theme(reading=reading, place=place, **found.values)
        themes.append(theme)
        kept += [ThemeText(theme=theme, kind=one.kind, text_id=one.pk) for one in found.texts if one.kind != ANSWER]


def _find_needs(now: datetime) -> int:
    window, by_service = window_of(NEED_WEEKS, now), read_requests(now)
    stems = stems_of(text for texts in by_service.values() for text in texts)
    days = {"first": window.first, "end": window.end, "computed_at": now}
    needs: list[RecurringNeed] = []
    requests: list[tuple[RecurringNeed, Iterable[Text]]] = []
    for service, texts in sorted(by_service.items()):
        for found in needs_in(texts, stems):
            need = RecurringNeed(service_id=service, **days, **found.values)
            needs.append(need)
            requests.append((need, found.texts))
    copy_in(RecurringNeed, needs)
    rows = [NeedRequest(need_id=need.pk, request_id=text.pk) for need, texts in requests for text in texts]
    copy_in(NeedRequest, rows)
    return len(needs)
