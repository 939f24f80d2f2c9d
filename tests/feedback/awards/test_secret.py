"""A vote is secret: whoever fetches everything, or reads the tables, learns nothing of who voted for whom."""

import re

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.urls import reverse

from feedback.awards.models import Tally, Voter
from feedback.awards.services import cast_vote, take_step
from requests_app.events.models import Event, IdempotencyKey
from requests_app.org.models import Person
from tests.factories.awards import crowd_of, nominee_of, opened, programme_of, voting

pytestmark = pytest.mark.django_db
CHANGING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken": ?"[^"]+"|csrf[^"]*"[^"]{30,}"|nonce="[^"]+"'
)
READERS = ("admin", "executive", "customer_head", "agent", "requester")


def fetched(company, award, as_browser, as_api) -> dict:
    """Everything about the award that each role can fetch, without what changes at each fetch."""
    found = {}
    for who in READERS:
        person = Person.objects.get(pk=getattr(company, who).pk)
        browser, api = as_browser(person), as_api(person)
        for path in (reverse("awards:award", args=[award.pk]), reverse("awards:list"), "/"):
            answer = browser.get(path)
            found[who, path] = (
                answer.status_code,
                re.sub(r"\d+ (?:s|min) ago", "", CHANGING.sub("", answer.content.decode())),
            )
        for path in (f"/api/v1/awards/{award.pk}/", "/api/v1/awards/"):
            found[who, path] = api.get(path).json()
    return found


def cast(people, award, company, letters: str) -> None:
    for person, letter in zip(people, letters, strict=True):
        cast_vote(
            by=person, award=award, nominee_id=nominee_of(award, company.it if letter == "i" else company.facilities)
        )


@pytest.mark.parametrize("way", ["staff", "jury"])
def test_whatever_each_voted_an_attacker_of_any_role_reads_the_same(way, company, as_browser, as_api):
    """Two runs in which everybody but the attacker voted otherwise, with the same outcome: all that is told is equal."""
    jury = crowd_of(company.sales, 5, "juror")
    award = opened(company, programme_of(company, way=way, jury=[*jury, company.requester]))
    voting(company, award)
    seen = []
    for letters in ("ffiii", "iiffi"):
        with transaction.atomic():
            cast_vote(by=company.requester, award=award, nominee_id=nominee_of(award, company.it))
            cast(jury, award, company, letters)
            during = fetched(company, award, as_browser, as_api)
            take_step(by=company.admin, award=award, name="count")
            decided = fetched(company, award, as_browser, as_api)
            take_step(by=company.admin, award=award, name="announce")
            seen.append((during, decided, fetched(company, award, as_browser, as_api)))
            transaction.set_rollback(True)
    for one, other in zip(*seen, strict=True):
        for key in one:
            assert _timeless(one[key]) == _timeless(other[key]), key


def _timeless(answer):
    return re.sub(r'(datetime|title)="[^"]*"', "", answer[1]) if isinstance(answer, tuple) else answer


def test_unanimous_votes_are_told_like_any_other(company, as_api):
    """Counts, or their absence, would say how everybody voted."""
    award = voting(company)
    told = []
    for letters in ("iiiii", "iiiff"):
        with transaction.atomic():
            cast(crowd_of(company.sales, 5, "one"), award, company, letters)
            take_step(by=company.admin, award=award, name="count")
            told.append([as_api(person).get(f"/api/v1/awards/{award.pk}/").json()
                         for person in (company.admin, company.requester)])  # fmt: skip
            transaction.set_rollback(True)
    assert told[0] == told[1]


def test_the_rows_of_a_vote_do_not_tell_which_it_was(company):
    """Nor does their order on the disk, nor the transaction that wrote them."""
    award, seen = voting(company), []
    for chosen in (company.it, company.facilities):
        with transaction.atomic():
            cast_vote(by=company.requester, award=award, nominee_id=nominee_of(award, chosen))
            with connection.cursor() as cursor:
                cursor.execute("SELECT nominee_id, xmin::text FROM awards_tally ORDER BY ctid")
                rows = cursor.fetchall()
            transaction.set_rollback(True)
        seen.append([pk for pk, _xmin in rows])
        assert len({xmin for _pk, xmin in rows}) == 1
    assert seen[0] == seen[1]
    assert [field.name for field in Voter._meta.fields] == ["id", "award", "person"]
    assert [field.name for field in Tally._meta.fields] == ["nominee", "votes"]


def test_a_vote_leaves_no_event_and_no_key_and_after_the_count_no_row(company, as_api):
    award, client = voting(company), as_api(company.requester)
    before = {model: model.objects.count() for model in apps.get_models() if model not in (Voter,)}
    headers = {"Idempotency-Key": "mine"}
    chosen = {"nominee": nominee_of(award, company.it)}
    answers = [
        client.put(f"/api/v1/awards/{award.pk}/vote/", chosen, format="json", headers=headers) for _twice in "12"
    ]
    assert [answer.status_code for answer in answers] == [200, 409]
    changed = {model.__name__ for model, n in before.items() if model.objects.count() != n}
    assert (changed - {"Session"}, IdempotencyKey.objects.count()) == (set(), 0)
    assert not Event.objects.filter(actor_id=company.requester.pk, subject_kind="award").exists()
    take_step(by=company.admin, award=award, name="count")
    assert (Voter.objects.count(), Tally.objects.count()) == (0, 0)
