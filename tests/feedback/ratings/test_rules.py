"""How often people are asked: a limit for each person, shared with surveys, and a share for each service."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from feedback.ratings import rules, services
from feedback.ratings.models import Invitation, RatingRules, RatingShare
from feedback.ratings.selectors import held_back
from feedback.ratings.states import is_sampled
from feedback.surveys.audience import audience_of
from requests_app.events.models import Event
from requests_app.kernel.errors import NotAllowed, StaleVersion, WrongInput
from requests_app.kernel.versions import fingerprint
from tests.factories import close, deliver, file_laptop
from tests.factories.surveys import opened as survey_opened
from tests.factories.surveys import prepared

pytestmark = pytest.mark.django_db
PAGE, API = "/settings/ratings/", "/api/v1/rating-rules/"


def set_to(company, **wanted):
    return rules.set_rules(by=company.admin, **wanted)


def test_one_person_is_invited_once_in_so_many_days(company):
    set_to(company, rest_days=7)
    first, second = (deliver(company, file_laptop(company)) for _ in range(2))
    assert services.invite_to_rate(request_id=first.pk) is not None
    assert services.invite_to_rate(request_id=second.pk) is None
    assert services.invite_to_rate(request_id=first.pk) is not None  # it is the one that was asked

    later = timezone.now() + timedelta(days=7, seconds=5)
    assert services.invite_to_rate(request_id=second.pk, now=later) is not None


def test_what_nobody_was_asked_about_is_told_beside_the_share_of_answers_until_somebody_is_asked(company, as_browser):
    set_to(company, rest_days=7)
    first, second, third = (deliver(company, file_laptop(company)) for _ in range(3))
    for row in (first, second, third, second):
        services.invite_to_rate(request_id=row.pk)
    span = timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1)
    assert held_back([company.it.pk], *span) == 2
    assert held_back([company.sales.pk], *span) == 0
    told = Event.objects.filter(kind="rating.held_back").order_by("pk")
    assert list(told.values_list("subject_id", flat=True)) == [second.pk, third.pk]
    page = as_browser(company.supplier_head).get("/departments/it/as-supplier/").content.decode()
    assert "about 2 more deliveries nobody was asked" in page
    RatingRules.objects.update(rest_days=0)
    services.invite_to_rate(request_id=second.pk)
    assert held_back([company.it.pk], *span) == 1


def test_who_is_left_in_peace_may_still_rate(company, rate):
    set_to(company, rest_days=7)
    first, second = (deliver(company, file_laptop(company)) for _ in range(2))
    services.invite_to_rate(request_id=first.pk)
    assert rate(second, 3).overall == 3


def test_the_limit_is_shared_with_surveys_both_ways(company):
    set_to(company, rest_days=7)
    survey_opened(company, anonymous=False)
    assert services.invite_to_rate(request_id=deliver(company, file_laptop(company)).pk) is None

    RatingRules.objects.update(rest_days=0)
    assert services.invite_to_rate(request_id=deliver(company, file_laptop(company)).pk) is not None
    RatingRules.objects.update(rest_days=7)
    assert company.requester.pk not in audience_of(prepared(company), timezone.now()).people


def test_without_rules_the_days_of_the_installation_hold(company, settings):
    settings.ASK_AGAIN_AFTER_DAYS = 7
    first, second = (deliver(company, file_laptop(company)) for _ in range(2))
    assert [bool(services.invite_to_rate(request_id=row.pk)) for row in (first, second)] == [True, False]


@given(number=st.integers(1, 10**9))
def test_a_sample_is_the_same_each_time_and_grows_with_its_share(number):
    drawn = [is_sampled(number, percent) for percent in range(101)]
    assert drawn == [is_sampled(number, percent) for percent in range(101)]
    assert (drawn[0], drawn[100]) == (False, True)
    assert drawn == sorted(drawn)


def test_of_a_service_about_its_share_is_asked():
    assert abs(sum(is_sampled(number, 30) for number in range(1, 10_001)) - 3000) < 200


def test_a_service_of_which_nothing_is_asked_invites_nobody(company):
    set_to(company, shares={"laptop": 0})
    row = close(company, file_laptop(company))
    assert services.invite_to_rate(request_id=row.pk) is None
    set_to(company, shares={"laptop": 100})
    assert RatingShare.objects.count() == 0
    assert services.invite_to_rate(request_id=row.pk) is not None
    assert Invitation.objects.count() == 1


def test_a_change_stands_in_the_history_and_the_same_again_does_not(company):
    for _ in range(2):
        set_to(company, rest_days=14, shares={"laptop": 40})
    event = Event.objects.get(kind="config.changed", subject_kind="rating_rules")
    assert event.data["before"] == {"rest_days": 0, "campaign_rest_days": 0, "remind": True, "propose_actions": True}
    assert event.data["after"] == event.data["before"] | {"rest_days": 14, "laptop %": 40}


def test_where_reminders_are_off_nobody_is_reminded(company):
    services.invite_to_rate(request_id=deliver(company, file_laptop(company)).pk)
    late = timezone.now() + timedelta(days=10)
    set_to(company, remind=False)
    assert services.sweep_invitations(now=late) == (0, 0)
    set_to(company, remind=True)
    assert [services.sweep_invitations(now=late) for _ in range(2)] == [(0, 1), (0, 0)]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"rest_days": 366}, "rest_days"),
        ({"campaign_rest_days": 366}, "campaign_rest_days"),
        ({"shares": {"laptop": 101}}, "share_laptop"),
        ({"shares": {"no": 5}}, "shares"),
    ],
)
def test_what_is_wrong_is_named(company, wanted, field):
    with pytest.raises(WrongInput) as error:
        set_to(company, **wanted)
    assert list(error.value.errors) == [field]


def test_only_administrators_set_them_and_a_stale_save_is_refused(company):
    with pytest.raises(NotAllowed, match="Administrators"):
        rules.set_rules(by=company.supplier_head, rest_days=1)
    read = fingerprint(rules.values_of())
    set_to(company, rest_days=3)
    with pytest.raises(StaleVersion):
        set_to(company, rest_days=5, based_on=read)


def test_on_the_page_they_are_set_and_what_is_wrong_stays(company, as_browser):
    client = as_browser(company.admin)
    assert "Laptop" in client.get(PAGE).content.decode()
    typed = {
        "rest_days": "7",
        "campaign_rest_days": "21",
        "remind": "on",
        "propose_actions": "on",
        "share_laptop": "25",
        "share_badge": "100",
    }
    assert client.post(PAGE, typed)["Location"] == PAGE
    assert rules.values_of() == {
        "rest_days": 7,
        "campaign_rest_days": 21,
        "remind": True,
        "propose_actions": True,
        "shares": {"laptop": 25},
    }
    answer = client.post(PAGE, typed | {"share_laptop": "250"})
    assert (answer.status_code, "250" in answer.content.decode()) == (400, True)
    assert as_browser(company.supplier_head).get(PAGE).status_code == 403
    assert "rating_rules" in client.get("/settings/history/?what=rating_rules").content.decode()


def test_over_the_api_they_are_read_and_changed(company, as_api):
    client = as_api(company.admin)
    assert client.get(API).json() == {
        "rest_days": 0,
        "campaign_rest_days": 0,
        "remind": True,
        "propose_actions": True,
        "shares": {},
    }
    changed = client.patch(API, {"rest_days": 30, "campaign_rest_days": 21, "shares": {"laptop": 10}})
    assert changed.json() == {
        "rest_days": 30,
        "campaign_rest_days": 21,
        "remind": True,
        "propose_actions": True,
        "shares": {"laptop": 10},
    }
    assert client.patch(API, {"shares": {"laptop": 101}}).status_code == 400
    assert client.patch(API, {"rest_days": 1}, headers={"If-Match": '"old"'}).status_code == 412
    assert as_api(company.supplier_head).get(API).status_code == 403
