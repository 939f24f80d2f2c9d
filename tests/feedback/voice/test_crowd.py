"""Many tries at once by one person: one vote."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from feedback.voice.models import Voice, Vote
from feedback.voice.services import vote
from tests.factories.voices import said

pytestmark = pytest.mark.django_db(transaction=True)


def test_fifty_votes_of_one_person_at_once_are_one(company):
    voice = said(company, "suggestion")

    def one(_number: int) -> None:
        try:
            vote(by=company.stranger, voice=voice, wanted=True)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(one, range(50)))
    assert (Voice.objects.get().votes, Vote.objects.count()) == (1, 1)
