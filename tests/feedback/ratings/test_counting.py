"""From when ratings count in figures: no sum that anybody can ask for stands for fewer than five people."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import groupby, product

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.ratings.counting import Waiting, count_ratings, counted_in_the_past
from feedback.ratings.models import Rating
from feedback.ratings.services import give_rating
from feedback.ratings.states import Answer
from metrics.facts.models import RequestFact
from metrics.facts.services import refresh_facts
from requests_app.desk.services.filing import Filing, file_request
from requests_app.events.models import Event
from tests.factories import Company, accept, deliver, make_person

NOW = datetime(2026, 11, 27, tzinfo=UTC)
WEEK = timedelta(days=7)


def rated(company: Company, score: int, *, shared: bool = False, by=None, at=None) -> Rating:
    by = by or make_person(f"Rater {Rating.objects.count()}", company.sales)
    filing = Filing(title="A laptop", answers={"model": "13 inch"})
    row = deliver(company, accept(company, file_request(by=by, service=company.laptop, filing=filing)))
    return give_rating(by=by, service_request=row, answer=Answer(score, share_with_team=shared), at=at)


def fact(rating: Rating) -> RequestFact:
    refresh_facts(request_ids={rating.service_request_id})
    return RequestFact.objects.get(request_id=rating.service_request_id)


def in_figures(rating: Rating) -> tuple:
    row = fact(rating)
    return row.overall, row.rater_id, row.rated_day


def test_a_shared_rating_counts_at_once(company):
    rating = rated(company, 4, shared=True)
    assert rating.counted_at == rating.given_at
    assert in_figures(rating)[:2] == (4, rating.person_id)


def test_one_that_is_not_shared_counts_as_given_but_in_no_figure_of_what_was_said(company):
    rating = rated(company, 2)
    row = fact(rating)
    assert (rating.counted_at, row.overall, row.rater_id, row.rated_day) == (None, None, None, None)
    assert row.rated_at == rating.given_at


def test_five_people_of_a_customer_count_together_once_nothing_can_be_changed(company):
    ratings = [rated(company, score) for score in (1, 2, 3, 4)]
    later = timezone.now() + WEEK
    assert count_ratings(now=later) == 0
    ratings.append(rated(company, 5))
    assert count_ratings(now=timezone.now() + WEEK - timedelta(minutes=1)) == 0
    then = timezone.now() + WEEK
    assert count_ratings(now=then) == 5
    assert {rating.counted_at for rating in Rating.objects.all()} == {then}
    assert [in_figures(rating)[0] for rating in ratings] == [1, 2, 3, 4, 5]
    assert len({in_figures(rating)[2] for rating in ratings}) == 1
    assert count_ratings(now=then + WEEK) == 0
    assert Event.objects.filter(kind="rating.counted").count() == 5


def test_five_ratings_of_four_people_wait(company):
    one = make_person("Rita Rater", company.sales)
    for score in (1, 5):
        rated(company, score, by=one)
    for score in (2, 3, 4):
        rated(company, score)
    assert count_ratings(now=timezone.now() + WEEK) == 0


def test_people_of_two_customers_do_not_make_up_five(company):
    for _place in range(3):
        rated(company, 3)
    for place in range(3):
        rated(company, 3, by=make_person(f"Fitter {place}", company.facilities))
    assert count_ratings(now=timezone.now() + WEEK) == 0


def test_who_takes_the_sharing_back_waits_like_the_others(company):
    rating = rated(company, 4, shared=True)
    give_rating(by=rating.person, service_request=rating.service_request, answer=Answer(2))
    rating.refresh_from_db()
    assert (rating.counted_at, in_figures(rating)) == (None, (None, None, None))


def test_who_shares_later_counts_from_then(company):
    rating = rated(company, 4)
    give_rating(by=rating.person, service_request=rating.service_request, answer=Answer(2, share_with_team=True))
    rating.refresh_from_db()
    assert rating.counted_at == rating.changed_at
    assert in_figures(rating)[0] == 2


def test_the_database_refuses_a_shared_rating_that_waits(company):
    rating = rated(company, 4, shared=True)
    with pytest.raises(IntegrityError, match="shared_rating_counts_at_once"), transaction.atomic():
        Rating.objects.filter(pk=rating.pk).update(counted_at=None)


answers = st.lists(
    st.tuples(st.integers(1, 2), st.integers(1, 2), st.integers(1, 9), st.integers(0, 60)), min_size=1, max_size=80
).map(
    lambda rows: [
        Waiting(pk, (supplier, customer), 10 * customer + person, NOW - timedelta(days=days, hours=pk % 24))
        for pk, (supplier, customer, person, days) in enumerate(rows)
    ]
)


@given(answers)
def test_whatever_days_and_pairs_are_asked_for_five_people_stand_behind_what_changes(waiting):
    """Each instant and pair is an atom: figures of any days and departments are sums over whole atoms."""
    found = counted_in_the_past(waiting, now=NOW)
    told = sorted((one for one in waiting if one.pk in found), key=lambda one: (found[one.pk], one.pair))
    for _atom, ones in groupby(told, key=lambda one: (found[one.pk], one.pair)):
        assert len({one.person_id for one in ones}) >= 5
    assert all(found[one.pk] >= one.given_at + WEEK for one in told)
    left = [one for one in waiting if one.pk not in found and one.given_at + WEEK <= NOW]
    for pair in {one.pair for one in left}:
        assert len({one.person_id for one in left if one.pair == pair}) < 5


@settings(max_examples=500, deadline=None)
@given(answers)
def test_no_answer_follows_from_all_the_sums_that_can_be_asked(waiting):
    """The attacker has every sum until any day, of each supplier and customer and of all. Whatever follows from these treats
    alike what none of them tells apart; so if five people stand together there, nothing follows of fewer.
    """
    found = counted_in_the_past(waiting, now=NOW)
    told = [one for one in waiting if one.pk in found]
    sums = list(product(sorted({found[one.pk].date() for one in told}), (1, 2, None), (1, 2, None)))
    together: dict[tuple[bool, ...], set[int]] = defaultdict(set)
    for one in told:
        supplier, customer = one.pair
        stands_in = tuple(
            found[one.pk].date() <= until and of in (supplier, None) and by in (customer, None)
            for until, of, by in sums
        )  # fmt: skip
        together[stands_in].add(one.person_id)
    assert [people for people in together.values() if len(people) < 5] == []


def test_the_past_is_counted_as_every_night_would_have(company):
    """The same answers, counted night by night in the database and at once by the rule."""
    start = timezone.now() - timedelta(days=40)
    for place in range(12):
        rating = rated(company, place % 5 + 1)
        Rating.objects.filter(pk=rating.pk).update(given_at=start + timedelta(days=place), changed_at=timezone.now())
    rows = Rating.objects.values_list("pk", "supplier_id", "service_request__customer_id", "person_id", "given_at")
    waiting = [Waiting(pk, (supplier, customer), person, at) for pk, supplier, customer, person, at in rows]
    night = start.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for _day in range(45):
        count_ratings(now=night)
        night += timedelta(days=1)
    counted = dict(Rating.objects.exclude(counted_at=None).values_list("pk", "counted_at"))
    assert counted_in_the_past(waiting, now=night) == counted
    assert len(counted) == 10
