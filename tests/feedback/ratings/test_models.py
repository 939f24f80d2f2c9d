"""Rules the database holds by itself."""

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from feedback.ratings.models import Invitation, Rating, RatingLink, RatingVersion
from feedback.ratings.states import Dimension


@pytest.fixture
def rating(closed_request, rate):
    return rate(closed_request)


@pytest.mark.parametrize("field", ["overall", *Dimension.values, "effort"])
@pytest.mark.parametrize("score", [0, 6])
def test_the_database_refuses_scores_out_of_range(rating, field, score):
    with pytest.raises(IntegrityError, match="in_range"), transaction.atomic():
        Rating.objects.update(**{field: score})
    with pytest.raises(IntegrityError, match="in_range"), transaction.atomic():
        RatingVersion.objects.create(rating=rating, number=2, at=rating.given_at, **{"overall": 3, field: score})


def test_the_database_refuses_a_second_rating_of_the_same_request(rating):
    rating.pk = None

    with pytest.raises(IntegrityError, match="service_request_id"), transaction.atomic():
        rating.save(force_insert=True)


def test_the_database_refuses_a_second_invitation_for_the_same_request(rating):
    invitation = Invitation.objects.get()
    invitation.pk = None

    with pytest.raises(IntegrityError, match="service_request_id"), transaction.atomic():
        invitation.save(force_insert=True)


def test_the_database_refuses_two_answers_of_one_number_and_two_links_of_one_token(rating):
    with pytest.raises(IntegrityError, match="one_answer_per_number"), transaction.atomic():
        RatingVersion.objects.create(rating=rating, number=1, at=rating.given_at, overall=3)

    invitation = Invitation.objects.get()
    RatingLink.objects.create(invitation=invitation, digest="a" * 64)
    with pytest.raises(IntegrityError, match="digest"), transaction.atomic():
        RatingLink.objects.create(invitation=invitation, digest="a" * 64)


@pytest.mark.parametrize(
    "sql",
    ["UPDATE ratings_ratingversion SET overall = 5", "DELETE FROM ratings_ratingversion"],
    ids=["change", "remove"],
)
def test_the_database_refuses_to_change_or_remove_an_answer_once_given(rating, sql):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_database_refuses_times_in_the_wrong_order_unknown_states_and_long_comments(rating):
    with pytest.raises(IntegrityError, match="rating_changes_after_given"), transaction.atomic():
        Rating.objects.update(changed_at="2000-01-01T00:00Z")
    with pytest.raises(IntegrityError, match="invitation_ends_after_delivery"), transaction.atomic():
        Invitation.objects.update(expires_at="2000-01-01T00:00Z")
    with pytest.raises(IntegrityError, match="invitation_state_is_known"), transaction.atomic():
        Invitation.objects.update(state="lost")
    with pytest.raises(DataError), transaction.atomic():
        Rating.objects.update(comment="x" * 4001)


def test_rows_name_themselves(rating):
    invitation = Invitation.objects.get()
    link = RatingLink.objects.create(invitation=invitation, digest="a" * 64)

    assert str(rating) == f"4 for request {rating.service_request_id}"
    assert str(rating.versions.get()) == f"answer 1 of rating {rating.pk}"
    assert str(invitation) == f"invitation of {rating.person_id} to rate {rating.service_request_id}"
    assert str(link) == f"link of invitation {invitation.pk}"


# ── Who reads a single answer ────────────────────────────────────────────────


def readers(company, rating) -> set[str]:
    return {letters for letters, person in company.by_context.items() if rating in Rating.objects.visible_to(person)}


def test_an_answer_that_was_not_shared_is_read_by_the_requester_alone(company, rating):
    assert readers(company, rating) == {"RQ"}


def test_an_answer_that_was_shared_is_read_by_the_rated_team(company, closed_request, rate):
    rating = rate(closed_request, share_with_team=True)

    assert readers(company, rating) == {"RQ", "SA", "AS", "SH"}


def test_of_a_confidential_request_only_its_own_people_read_the_answer(company, closed_request, rate):
    rating = rate(closed_request, share_with_team=True)
    type(closed_request).objects.update(privacy="confidential")

    assert readers(company, rating) == {"RQ", "AS", "SH"}


def test_who_has_left_reads_nothing(company, closed_request, rate):
    rating = rate(closed_request, share_with_team=True)
    company.requester.is_active = False
    company.requester.__dict__.pop("_standing")

    assert rating not in Rating.objects.visible_to(company.requester)
