"""What was written, read for grouping. Confidential requests, and what was said about them, are never read."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Q

from feedback.ratings.models import Rating
from feedback.surveys.models import Campaign, SurveyAnswer
from feedback.surveys.questions import items_of
from feedback.surveys.states import CLOSED, TEXT_FLOOR, Kind
from feedback.voice.models import Voice
from feedback.voice.states import WITHDRAWN
from metrics.themes.states import LONGEST_TEXT, MOST_TEXTS, NEED_WEEKS, WEEKS, Source, Text, Window
from metrics.themes.words import words_in
from requests_app.catalogue.states import Privacy
from requests_app.desk.models import ServiceRequest

RATING, VOICE, ANSWER, REQUEST = "rating", "voice", "answer", "request"
HIDDEN = Q(service_request__privacy=Privacy.CONFIDENTIAL)


def zone() -> ZoneInfo:
    return ZoneInfo(settings.COMPANY_TIME_ZONE)


def window_of(weeks: int, now: datetime) -> Window:
    """The last whole weeks of the company, and as many before: so what is told changes once a week."""
    today = now.astimezone(zone()).date()
    end = today - timedelta(days=today.weekday())
    return Window(end - timedelta(weeks=weeks), end, end - timedelta(weeks=2 * weeks))


def read_said(now: datetime) -> dict[int, list[Text]]:
    """Department → comments on its ratings and what was said to it by name, the newest first.

    SECURITY: a comment comes in on the day on which its rating counts, five people at least of a customer at once. Of
    one beside a rating that was not shared neither score nor tone is told: from week to week it could be the only one.
    """
    window = window_of(WEEKS[Source.SAID], now)
    found: dict[int, list[Text]] = defaultdict(list)
    ratings = Rating.objects.exclude(comment="").exclude(HIDDEN).filter(counted_at__date__gte=window.since)
    columns = ("pk", "supplier_id", "person_id", "comment", "counted_at", "overall", "share_with_team")
    for pk, department, person, words, at, score, shared in ratings.values_list(*columns).iterator():
        told = {"score": score} if shared else {"secret": True}
        _add(found, Text(RATING, pk, department, f"{person}", words, _day(at), **told), window)
    voices = (
        Voice.objects.exclude(HIDDEN)
        .exclude(state=WITHDRAWN)
        .filter(confidential=False, said_at__date__gte=window.since)
    )
    parts = ("pk", "department_id", "author_id", "title", "body", "said_at")
    for pk, department, person, title, body, at in voices.values_list(*parts).iterator():
        _add(found, Text(VOICE, pk, department, f"{person}", f"{title}\n{body}", _day(at)), window)
    return found


def read_answers(now: datetime) -> dict[int, list[Text]]:
    """Department → what was answered in words to its surveys that have closed, a question with ten such answers.

    SECURITY (security 5.7): a campaign comes in, and goes out, as a whole: no difference between two nights is one
    answer.
    """
    window = window_of(WEEKS[Source.ANSWERS], now)
    found: dict[int, list[Text]] = defaultdict(list)
    campaigns = Campaign.objects.filter(
        state=CLOSED, closed_at__date__gte=window.since, survey__department__isnull=False
    ).select_related("survey", "version")
    for campaign in campaigns:
        of, on = campaign.survey.department_id or 0, _day(campaign.closed_at or now)
        for serial, (person, words) in enumerate(_in_words(campaign)):
            _add(found, Text(ANSWER, serial, of, person, words, on, crowd=campaign.pk), window)
    return found


def _in_words(campaign: Campaign) -> Iterable[tuple[str, str]]:
    keys = [
        item.key for item in items_of(campaign.version.questions if campaign.version else []) if item.kind == Kind.TEXT
    ]
    rows = list(SurveyAnswer.objects.filter(campaign=campaign).values_list("pk", "values")) if keys else []
    for key in keys:
        given = [(str(pk), values[key]) for pk, values in rows if values.get(key)]
        if len(given) >= TEXT_FLOOR:
            yield from given


def read_requests(now: datetime) -> dict[int, list[Text]]:
    """Service → what it was asked for, by title and beginning of the description, the newest first."""
    window = window_of(NEED_WEEKS, now)
    found: dict[int, list[Text]] = defaultdict(list)
    rows = ServiceRequest.objects.exclude(privacy=Privacy.CONFIDENTIAL).filter(created_at__date__gte=window.since)
    columns = ("pk", "service_id", "customer_id", "requester_id", "title", "created_at")
    for pk, service, customer, person, title, at in rows.order_by("-pk").values_list(*columns).iterator():
        if len(found[service]) < MOST_TEXTS:
            _add(found, Text(REQUEST, pk, service, f"{person}", title, _day(at), crowd=customer), window)
    return found


def _day(at: datetime) -> date:
    return at.astimezone(zone()).date()


def _add(found: dict[int, list[Text]], text: Text, window: Window) -> None:
    if window.since <= text.on < window.end:
        lately, words = text.on >= window.first, text.words[:LONGEST_TEXT]
        found[text.department_id].append(replace(text, words=words, lately=lately))


def stems_of(texts: Iterable[Text]) -> dict[str, str]:
    """word → its stem by PostgreSQL's dictionaries, empty for words that say nothing; one query."""
    words = sorted({word for text in texts for word in words_in(text.words)})
    sql = """
        SELECT word, ts_lexize(
            CASE WHEN word ~ '[а-яё]' THEN 'russian_stem'::regdictionary ELSE 'english_stem'::regdictionary END, word
        ) FROM unnest(%s::text[]) AS word
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [words])
        return {word: found[0] if found else "" for word, found in cursor.fetchall()}
