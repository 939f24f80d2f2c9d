"""A department that much is said of: comments of many people, voices, a survey, and requests that are alike."""

from datetime import datetime, timedelta
from itertools import cycle

import pytest
from django.utils import timezone

from feedback.ratings.models import Rating
from feedback.surveys.services import take_step
from feedback.voice.models import Voice
from requests_app.catalogue.services import create_service
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.filing import Filing, file_request
from tests.factories import Company, make_person
from tests.factories.surveys import answer_all, crowd, opened
from tests.factories.voices import said

SLOW = ["Took far too long", "Слишком долго ждали", "等了很久", "Very slow", "Очень медленно", "Weeks of waiting"]
KIND = [
    "Friendly and patient",
    "Очень вежливый специалист",
    "态度很好",
    "So kind.",
    "Polite and helpful",
    "Внимательный коллега",
]


def last_week() -> datetime:
    """Within the last whole week."""
    return timezone.now() - timedelta(days=7)


def commented(
    company: Company, words: str, person, *, score: int, at: datetime, shared: bool = False, service=None
) -> Rating:
    """A rating with its request, as far as themes read them."""
    filing = Filing(title="4711", answers={} if service else {"model": "13 inch"})
    row = file_request(by=person, service=service or company.laptop, filing=filing, at=at)
    return Rating.objects.create(
        service_request=row, person=person, supplier=company.it, overall=score, comment=words, given_at=at,
        changed_at=at, share_with_team=shared, counted_at=at,
    )  # fmt: skip


@pytest.fixture
def people(company) -> list:
    return [make_person(f"Nora {number}", company.sales) for number in range(6)]


@pytest.fixture
def spoken(company, people) -> Company:
    """Six people say of IT that it is slow, and six, with better ratings, that it is kind; two comments are shared."""
    for words, score in ((SLOW, 2), (KIND, 5)):
        for number, (one, person) in enumerate(zip(words, people, strict=True)):
            commented(company, one, person, score=score, at=last_week(), shared=number == 0)
    return company


@pytest.fixture
def alike(company, people) -> list[ServiceRequest]:
    """Six requests for a printer that does not print, and one for a chair."""
    service = create_service(by=company.admin, department=company.it, name="Help", slug="help")
    titles = [*(f"Printer {room} does not print" for room in range(6)), "A chair"]
    return [
        file_request(by=person, service=service, filing=Filing(title=title, description=""), at=last_week())
        for title, person in zip(titles, cycle(people), strict=False)
    ]


def survey_closed(company: Company, texts: list[str]) -> None:
    """An anonymous survey of IT in which each of these was answered, closed in the last whole week."""
    crowd(company.sales, max(len(texts) - 3, 5))
    campaign = opened(company)
    answer_all(campaign, [{"q1": 4, "q3": words} for words in texts])
    campaign = take_step(by=company.supplier_head, campaign=campaign, step="close")
    type(campaign).objects.filter(pk=campaign.pk).update(closed_at=last_week())


def complained(company: Company, words: str, **more) -> Voice:
    voice = said(company, "complaint", title=words, **more)
    Voice.objects.filter(pk=voice.pk).update(said_at=last_week())
    return voice
