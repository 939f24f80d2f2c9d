"""Many tries at once by one person: one vote."""

import pytest

from feedback.voice.models import Voice, Vote
from feedback.voice.services import vote
from tests.at_once import at_once
from tests.factories.voices import said

pytestmark = pytest.mark.django_db(transaction=True)


def test_fifty_votes_of_one_person_at_once_are_one(company):
    voice = said(company, "suggestion")

    told = at_once([lambda: vote(by=company.stranger, voice=voice, wanted=True)] * 50)
    assert told == ["done"] * 50
    assert (Voice.objects.get().votes, Vote.objects.count()) == (1, 1)
