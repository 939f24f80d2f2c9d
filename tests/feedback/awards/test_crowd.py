"""Many tries at once: one vote each, and none is lost or doubled while the vote is counted."""

import pytest

from feedback.awards.models import Award, Tally, Voter
from feedback.awards.services import cast_vote, take_step
from tests.at_once import at_once
from tests.factories.awards import crowd_of, nominee_of, voting

pytestmark = pytest.mark.django_db(transaction=True)


def test_fifty_votes_of_one_person_at_once_are_one(company):
    award = voting(company)
    chosen = [nominee_of(award, company.it), nominee_of(award, company.facilities)]
    told = at_once(
        [lambda n=n: cast_vote(by=company.requester, award=award, nominee_id=chosen[n % 2]) for n in range(50)]
    )
    assert (told.count("done"), told.count("illegal_move")) == (1, 49)
    assert (Voter.objects.count(), sum(Tally.objects.values_list("votes", flat=True))) == (1, 1)


def test_votes_of_many_are_counted_once_each_or_refused_while_the_vote_ends(company):
    award = voting(company)
    people = crowd_of(company.sales, 20, "one")
    chosen = nominee_of(award, company.facilities)
    acts = [lambda one=one: cast_vote(by=one, award=award, nominee_id=chosen) for one in people]
    acts.insert(15, lambda: take_step(by=company.admin, award=award, name="count"))
    told = at_once(acts)
    row = Award.objects.get()
    votes = told.count("done") - 1
    assert votes + told.count("illegal_move") == 20
    assert (row.state, row.how) == ("decided", "vote" if votes >= 5 else "few")
    assert (Voter.objects.count(), Tally.objects.count()) == (0, 0)
