"""The page of what people say, and the requests behind a recurring need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from feedback.ratings.models import Rating
from feedback.voice.models import Voice
from metrics.rollups.links import rows_link
from metrics.rollups.states import Period
from metrics.rollups.statistics import wilson
from metrics.themes import policies
from metrics.themes.models import NeedRequest, Reading, RecurringNeed, Theme, ThemeText
from metrics.themes.reading import RATING, VOICE
from metrics.themes.states import FLOOR, MOST_NEEDS, Change, Concept, Source
from requests_app.catalogue.models import Service
from requests_app.kernel.written import written_once
from requests_app.org.models import Department, Person
from requests_app.org.selectors import below, get_department

EXCERPTS = 3
GOOD, BAD = 0.25, -0.25
ON_A_DASHBOARD = 3


@dataclass(frozen=True)
class ThemeLine:
    """A theme with its share of the texts, its 95 % interval, and what the reader may read of it anyway."""

    theme: Theme
    share: float
    interval: tuple[float, float]
    excerpts: list[str]

    @property
    def name(self) -> str:
        words = ", ".join(self.theme.words)
        if not self.theme.concept:
            return words
        return str(Concept(self.theme.concept).label)

    @property
    def words(self) -> str:
        return ", ".join(self.theme.words) if self.theme.concept else ""

    @property
    def change(self) -> str:
        return str(Change(self.theme.change).label) if self.theme.change else ""

    @property
    def tone(self) -> str:
        """good, bad, mixed; empty where too few texts have a word of tone."""
        if self.theme.tone is None:
            return ""
        return "good" if self.theme.tone >= GOOD else "bad" if self.theme.tone <= BAD else "mixed"


@dataclass(frozen=True)
class Part:
    """One source. `reading` is None where nothing was said; its texts are 0 where fewer than `floor` people spoke."""

    source: Source
    reading: Reading | None
    lines: list[ThemeLine]

    @property
    def floor(self) -> int:
        return FLOOR[self.source]

    @property
    def last(self) -> date | None:
        return self.reading.end - timedelta(days=1) if self.reading else None

    @property
    def agreement(self) -> tuple[float, float] | None:
        """95 % interval of how often tone and rating point the same way."""
        reading = self.reading
        return wilson(reading.agreed, reading.compared) if reading and reading.compared >= self.floor else None


@dataclass(frozen=True)
class NeedLine:
    need: RecurringNeed
    service: str
    service_slug: str
    url: str

    @property
    def name(self) -> str:
        return " · ".join(self.need.words)

    @property
    def change(self) -> str:
        return str(Change(self.need.change).label) if self.need.change else ""


@dataclass(frozen=True)
class ThemesPage:
    department: Department
    reads_answers: bool
    parts: list[Part]
    needs: list[NeedLine]
    computed_at: datetime | None


def themes_of(*, person: Person, slug: str) -> ThemesPage:
    """404 for an unknown department, NotAllowed for whom it is not. As many queries however much was said."""
    department = get_department(person=person, slug=slug)
    policies.require_themes(person, department)
    answers = policies.may_read_answers(person, department)
    readings = {row.source: row for row in Reading.objects.filter(department_id=department.pk)} if answers else {}
    themes = list(Theme.objects.filter(reading__in=readings.values()).order_by("reading_id", "place"))
    excerpts = _excerpts(person, themes)
    needs = _needs(person, department)
    times = [row.computed_at for row in readings.values()] + [line.need.computed_at for line in needs]
    return ThemesPage(
        department=department,
        reads_answers=answers,
        parts=[_part(source, readings.get(source), themes, excerpts) for source in Source],
        needs=needs,
        computed_at=max(times, default=None),
    )


def _part(source: Source, reading: Reading | None, themes: Iterable[Theme], excerpts: Mapping[int, list[str]]) -> Part:
    mine = [theme for theme in themes if reading and theme.reading_id == reading.pk]
    return Part(source, reading, [_line(theme, reading, excerpts.get(theme.pk, [])) for theme in mine if reading])


def _line(theme: Theme, reading: Reading, excerpts: list[str]) -> ThemeLine:
    texts = max(reading.texts, theme.n)
    return ThemeLine(theme, theme.n / texts, wilson(theme.n, texts) or (0.0, 1.0), excerpts)


def _excerpts(person: Person, themes: Iterable[Theme]) -> dict[int, list[str]]:
    """theme → its newest texts that the person may read by the usual rights. Two queries."""
    found: dict[int, list[str]] = {}
    ids = [theme.pk for theme in themes]
    for kind, rows, column in (
        (RATING, Rating.objects.visible_to(person), "comment"),
        (VOICE, Voice.objects.visible_to(person), "title"),
    ):
        readable = rows.filter(pk=OuterRef("text_id")).values(column)[:1]
        newest = Window(RowNumber(), partition_by=F("theme_id"), order_by=F("text_id").desc())
        texts = ThemeText.objects.filter(theme__in=ids, kind=kind, text_id__in=rows.values("pk"))
        texts = texts.annotate(words=Subquery(readable), place=newest).filter(place__lte=EXCERPTS)
        for theme, words in texts.order_by("theme_id", "place").values_list("theme_id", "words"):
            if words and len(found.setdefault(theme, [])) < EXCERPTS:
                found[theme].append(words)
    return found


# ── Recurring needs ──────────────────────────────────────────────────────────


def _needs(person: Person, department: Department) -> list[NeedLine]:
    services = {
        pk: (name, slug)
        for pk, name, slug in Service.objects.filter(department__in=below(department)).values_list("pk", "name", "slug")
    }
    opens = policies.may_open_rows(person, department)
    rows = RecurringNeed.objects.filter(service_id__in=services).order_by("-n", "anchor")[:MOST_NEEDS]
    return [NeedLine(row, *services[row.service_id], _link(row, department) if opens else "") for row in rows]


def _link(need: RecurringNeed, department: Department) -> str:
    period = Period(need.first, need.end)
    return rows_link(figure="recurring", side="supplier", department=department.slug, period=period, part=need.anchor)


def need_of(department: Department, anchor: str) -> RecurringNeed | None:
    """The need of this department that its first request names, as it was last found."""
    if not anchor.isascii() or not anchor.isdecimal() or len(anchor) > 18:
        return None
    services = Service.objects.filter(department__in=below(department)).values("pk")
    return RecurringNeed.objects.filter(anchor=int(anchor), service_id__in=services).first()


def words_of_need(need: RecurringNeed) -> str:
    return _("Asked for again and again: %(words)s") % {"words": ", ".join(need.words)}


def requests_of_need(need: RecurringNeed) -> Any:
    """A subquery of request ids, for `pk__in`."""
    return NeedRequest.objects.filter(need=need).values("request_id")


# ── On the dashboard ─────────────────────────────────────────────────────────


@dataclass(frozen=True)
class OnTheDashboard:
    department: Department
    themes: list[ThemeLine]


def on_the_dashboard(person: Person, department: Department) -> OnTheDashboard | None:
    """The commonest themes of what was said by name; one query."""
    if not policies.can_see(person, department) or not policies.may_read_answers(person, department):
        return None
    themes = _foremost(department=department.pk)
    return OnTheDashboard(department, [_line(theme, theme.reading, []) for theme in themes])


@written_once
def _foremost(*, department: int) -> QuerySet[Theme]:
    rows = Theme.objects.filter(reading__department_id=department, reading__source=Source.SAID)
    return rows.select_related("reading").order_by("place")[:ON_A_DASHBOARD]
