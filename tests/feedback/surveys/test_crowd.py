"""Many tries at once: one answer each, and none is lost or doubled while the campaign closes."""

import pytest

from feedback.surveys.models import SurveyAnswer, SurveyInvitation
from feedback.surveys.services import give_answer, take_step
from tests.at_once import at_once
from tests.factories.surveys import closed, crowd, opened, prepared

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("anonymous", [True, False])
def test_one_person_who_answers_many_times_at_once_has_one_answer(company, anonymous):
    crowd(company.sales, 3)
    campaign = opened(company, anonymous=anonymous)
    answers = [
        lambda score=score: give_answer(by=company.requester, campaign=campaign, values={"q1": score})
        for score in (1, 2, 3, 4)
    ]
    told = at_once(answers)
    assert told == (["done", "illegal_move", "illegal_move", "illegal_move"] if anonymous else ["done"] * 4)
    assert SurveyAnswer.objects.count() == 1


@pytest.mark.parametrize("anonymous", [True, False])
def test_fifty_answers_of_one_invitation_at_once_are_one(company, anonymous):
    crowd(company.sales, 3)
    campaign = opened(company, anonymous=anonymous)

    told = at_once(
        [
            lambda score=number % 5 + 1: give_answer(by=company.requester, campaign=campaign, values={"q1": score})
            for number in range(50)
        ]
    )
    assert len(told) == 50
    assert told.count("done") == (1 if anonymous else 50)
    assert (SurveyAnswer.objects.count(), SurveyInvitation.objects.filter(answered=True).count()) == (1, 1)


def test_what_is_answered_while_it_closes_is_in_or_refused(company):
    people = crowd(company.sales, 5)
    campaign = opened(company)
    answers = [lambda person=person: give_answer(by=person, campaign=campaign, values={"q1": 3}) for person in people]
    told = at_once([*answers, lambda: closed(company, campaign)])
    assert (
        SurveyAnswer.objects.count() == told.count("done") - 1 == SurveyInvitation.objects.filter(answered=True).count()
    )


def test_two_campaigns_that_open_at_once_ask_nobody_twice(company, settings):
    settings.CAMPAIGN_AGAIN_AFTER_DAYS = 14
    crowd(company.sales, 7)
    campaigns = [prepared(company), prepared(company)]
    head = company.supplier_head
    told = at_once([lambda one=one: take_step(by=head, campaign=one, step="open") for one in campaigns])
    assert told == ["done", "refused"]
    assert SurveyInvitation.objects.count() == 10
