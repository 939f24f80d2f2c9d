"""What each reader sees of a rating: the panel, the desk, the link. With literal counts of queries."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from feedback.ratings import selectors, services
from feedback.ratings.models import Invitation
from feedback.ratings.policies import Refusal
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.moves import Words, move_request
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Membership, Person
from tests.factories import close, file_laptop


def seen_by(company, service_request) -> set[str]:
    return {
        letters
        for letters, person in company.by_context.items()
        if selectors.rating_panel(person, service_request) is not None
    }


def test_before_the_delivery_nobody_sees_a_rating(company, accepted_request):
    assert seen_by(company, accepted_request) == set()


def test_after_the_delivery_the_requester_alone_is_asked(company, delivered_request):
    assert seen_by(company, delivered_request) == {"RQ"}

    panel = selectors.rating_panel(company.requester, delivered_request)
    assert (panel.may_answer, panel.rating, panel.refusal) == (True, None, None)
    assert panel.until == delivered_request.delivered_at + timedelta(days=30)
    assert (panel.supplier_name, panel.dimensions) == ("IT Services", [])


def test_what_was_given_is_seen_by_the_requester_and_when_shared_by_the_team(company, closed_request, rate):
    rate(closed_request, 3, dimensions={"responsiveness": 2, "reliability": 5})
    assert seen_by(company, closed_request) == {"RQ"}

    rating = rate(closed_request, 3, dimensions={"responsiveness": 2, "reliability": 5}, share_with_team=True)
    assert seen_by(company, closed_request) == {"RQ", "SA", "AS", "SH"}

    own = selectors.rating_panel(company.requester, closed_request)
    assert (own.mine, own.may_answer, own.until) == (True, True, rating.given_at + timedelta(days=7))
    assert own.dimensions == [("Reliability", 5), ("Responsiveness", 2)]
    shared = selectors.rating_panel(company.agent, closed_request)
    assert (shared.mine, shared.may_answer, shared.rating) == (False, False, rating)


def test_a_rating_that_can_no_longer_be_changed_is_still_shown(company, closed_request, rate):
    rate(closed_request)

    panel = selectors.rating_panel(company.requester, closed_request, now=timezone.now() + timedelta(days=8))

    assert (panel.may_answer, panel.refusal) == (False, Refusal.LOCKED)


def test_the_page_to_rate_on_is_the_requesters_and_says_why_not_now(company, accepted_request):
    panel = selectors.own_panel(company.requester, accepted_request)
    assert (panel.may_answer, panel.refusal, panel.until) == (False, Refusal.NOT_DELIVERED, None)

    with pytest.raises(NotAllowed, match="Only the person who asked"):
        selectors.own_panel(company.agent, accepted_request)


def test_the_panel_costs_the_same_whatever_is_in_it(
    company, closed_request, rate, full_answer, django_assert_num_queries
):
    for person in (company.requester, company.agent):
        selectors.rating_panel(person, closed_request)
    with django_assert_num_queries(3):
        selectors.rating_panel(company.requester, closed_request)
    services.give_rating(by=company.requester, service_request=closed_request, answer=full_answer)
    with django_assert_num_queries(3):
        assert selectors.rating_panel(company.requester, closed_request).supplier_name == "IT Services"
    with django_assert_num_queries(2):
        assert selectors.rating_panel(company.agent, closed_request).supplier_name == "IT Services"


# ── My desk ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rows", [1, 3])
def test_what_waits_to_be_rated_is_one_query(company, rows, work_through, django_assert_num_queries):
    filed = [close(company, file_laptop(company)) for _ in range(rows)]
    work_through()

    with django_assert_num_queries(1):
        waiting = selectors.waiting_ratings(company.requester)
        names = [(row.service_request.title, row.supplier) for row in waiting]

    assert names == [("A laptop for the new colleague", "IT Services")] * rows
    assert [row.service_request for row in waiting] == filed
    assert waiting[0].until == waiting[0].delivered_at + timedelta(days=30)


def test_only_what_was_accepted_and_can_be_rated_now_waits(company, delivered_request, work_through, rate):
    work_through()
    assert selectors.waiting_ratings(company.requester) == []

    closed_request = close(company, delivered_request)
    assert len(selectors.waiting_ratings(company.requester)) == 1
    assert selectors.waiting_ratings(company.colleague) == []
    assert selectors.waiting_ratings(company.requester, now=timezone.now() + timedelta(days=30)) == []

    again = Words(reason="It broke.")
    reopened = move_request(by=company.requester, service_request=closed_request, action="reopen", words=again)
    assert selectors.waiting_ratings(company.requester) == []

    close(company, move_request(by=company.assigned, service_request=reopened, action="deliver"))
    work_through()
    assert len(selectors.waiting_ratings(company.requester)) == 1
    rate(closed_request)
    assert selectors.waiting_ratings(company.requester) == []


# ── The link ─────────────────────────────────────────────────────────────────


@pytest.fixture
def token(delivered_request):
    return services.new_token(services.invite_to_rate(request_id=delivered_request.pk))


def test_a_token_opens_its_one_request(company, delivered_request, token):
    page = selectors.link_page(token)

    assert (page.service_request, page.rating, page.usable) == (delivered_request, None, True)
    assert (page.title, page.supplier_name) == ("A laptop for the new colleague", "IT Services")


@pytest.mark.parametrize("wrong", ["", "x", "0", "null", "[]", "\x00", "\ud800", "a" * 5000])
def test_any_other_token_opens_nothing(token, wrong):
    with pytest.raises(Http404):
        selectors.link_page(wrong)
    with pytest.raises(Http404):
        selectors.link_page(token + "x")


def test_a_token_of_somebody_who_left_opens_nothing(company, token):
    Person.objects.filter(pk=company.requester.pk).update(is_active=False)

    with pytest.raises(Http404):
        selectors.link_page(token)


def test_a_token_is_of_no_use_after_30_days_or_7_days_after_the_rating(company, delivered_request, token, rate):
    end = Invitation.objects.get().expires_at
    assert selectors.link_page(token, now=end - timedelta(seconds=1)).usable is True
    assert selectors.link_page(token, now=end).over == "The 30 days in which this delivery could be rated are over."

    rating = rate(delivered_request, 2)
    locked = rating.given_at + timedelta(days=7)
    page = selectors.link_page(token, now=locked - timedelta(seconds=1))
    assert (page.usable, page.kept_words) == (True, "2 of 5 is kept.")
    assert selectors.link_page(token, now=locked).over == "Your rating is older than 7 days, so it stays as it is."
    assert selectors.link_page(token, now=end).usable is False


def test_a_link_ends_with_its_invitation_even_while_the_rating_could_be_changed(
    company, delivered_request, token, rate
):
    rate(delivered_request)
    Invitation.objects.update(expires_at=timezone.now(), delivered_at=timezone.now() - timedelta(days=30))

    assert selectors.link_page(token).over == "The 30 days in which this delivery could be rated are over."


def test_a_token_is_of_no_use_while_the_work_goes_on_or_by_who_one_has_become(company, delivered_request, token):
    Membership.objects.create(person=company.requester, department=company.it, role="member")
    assert selectors.link_page(token).over == "Nobody rates the work of their own department."


def test_the_link_never_tells_the_title_of_a_confidential_request(token):
    ServiceRequest.objects.update(privacy="confidential")

    assert selectors.link_page(token).title == ""
