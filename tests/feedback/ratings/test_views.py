"""Rating over pages, with and without script, signed in and by a mailed link."""

import pytest
from django.urls import reverse

from feedback.ratings import services
from feedback.ratings.models import Invitation, Rating, RatingLink, RatingVersion
from feedback.ratings.states import Answer
from requests_app.desk.models import ServiceRequest
from requests_app.events.models import Event
from tests.factories import file_laptop

FULL = {
    "overall": "4", "reliability": "5", "assurance": "4", "tangibles": "3", "empathy": "2", "responsiveness": "1",
    "effort": "5", "comment": "Quick, and friendly.", "share_with_team": "on", "details": "True",
}  # fmt: skip
HTMX = {"HX-Request": "true"}


@pytest.fixture
def page(delivered_request) -> str:
    return f"/requests/{delivered_request.number}/rate/"


@pytest.fixture
def reader(company, as_browser):
    return as_browser(company.requester)


# ── Signed in ────────────────────────────────────────────────────────────────


def test_the_form_shows_the_score_that_was_clicked_and_keeps_nothing(reader, page):
    answer = reader.get(page, {"score": "4"})

    assert answer.status_code == 200
    assert 'name="overall" value="4" checked' in answer.content.decode()
    assert (Rating.objects.count(), Invitation.objects.count(), RatingVersion.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("score", ["", "0", "6", "four", "4.0", "-1", "\x00", "٤", "4" * 500])
def test_a_score_that_is_none_is_passed_over(reader, page, score):
    answer = reader.get(page, {"score": score})

    assert answer.status_code == 200
    assert 'type="radio" name="overall" value="1" required' in answer.content.decode()
    assert '" checked required' not in answer.content.decode()


def test_one_click_keeps_the_score_and_asks_whether_there_is_more(reader, page):
    answer = reader.post(page, {"overall": "4"})

    assert (answer.status_code, answer["Location"]) == (302, page)
    assert Rating.objects.get().answer == Answer(4)
    assert "Kept. Add a few words if you like." in reader.get(page).content.decode()


def test_until_when_it_may_be_given_and_until_when_changed_are_told_apart(reader, page):
    before = reader.get(page).content.decode()
    assert ("You can give it until" in before, "You can change it until" in before) == (True, False)
    assert "after that you can change it for 7 days." in before
    reader.post(page, {"overall": "4"})
    after = reader.get(page).content.decode()
    assert ("You can give it until" in after, "You can change it until" in after) == (False, True)


def test_the_whole_form_is_kept_and_leads_back_to_the_request(reader, page, full_answer, delivered_request):
    answer = reader.post(page, FULL)

    assert (answer.status_code, answer["Location"]) == (302, reverse("desk:request", args=[delivered_request.number]))
    assert Rating.objects.get().answer == full_answer


def test_the_form_shows_what_was_given_and_an_emptied_field_is_emptied(reader, page):
    reader.post(page, FULL)
    shown = reader.get(page).content.decode()
    assert 'name="empathy" value="2" checked' in shown
    assert "Quick, and friendly." in shown

    reader.post(page, {"overall": "4", "details": "True"})

    assert Rating.objects.get().answer == Answer(4)


def test_a_click_on_another_score_takes_back_no_word(reader, page):
    reader.post(page, FULL)
    reader.post(page, {"overall": "1"})

    rating = Rating.objects.get()
    assert (rating.overall, rating.comment, rating.number) == (1, "Quick, and friendly.", 2)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose a whole number from 1 to 5."),
        ({"overall": "6"}, "Choose a whole number from 1 to 5."),
        ({"overall": "4", "empathy": "x"}, "Choose a whole number from 1 to 5."),
        ({"overall": "4", "comment": "\x00"}, "a character that cannot be kept"),
        ({"overall": "4", "comment": "x" * 4001}, "at most 4000 characters"),
    ],
    ids=["nothing", "six", "letter", "nul", "long"],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(reader, page, sent, said):
    answer = reader.post(page, {"comment": "My words.", "details": "True", **sent})

    shown = answer.content.decode()
    assert answer.status_code == 400
    assert said in shown
    assert sent.get("comment", "My words.").strip("\x00") in shown
    assert Rating.objects.count() == 0


def test_too_early_says_so(company, reader):
    filed = file_laptop(company)

    asked = reader.get(f"/requests/{filed.number}/rate/")
    sent = reader.post(f"/requests/{filed.number}/rate/", {"overall": "5"})

    assert "There is nothing to rate yet. You can rate once it is delivered." in asked.content.decode()
    assert sent.status_code == 409
    assert "There is nothing to rate yet. You can rate once it is delivered." in sent.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_others_who_see_the_request_are_refused_and_strangers_find_nothing(company, as_browser, page, method):
    found = {
        letters: getattr(as_browser(person), method)(page, {"overall": "5"}).status_code
        for letters, person in company.by_context.items()
    }

    assert {letters for letters, status in found.items() if status == 403} == {"CC", "CH", "SA", "AS", "SH", "AD", "AU"}
    assert {letters for letters, status in found.items() if status == 404} == {"U", "WT", "OA", "OH", "EX"}
    assert Rating.objects.count() == (method == "post")


def test_without_signing_in_one_is_sent_to_sign_in(as_browser, page):
    answer = as_browser().post(page, {"overall": "5"})

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/requests/")


def test_a_wrong_form_of_somebody_else_is_refused_all_the_same(company, as_browser, page):
    assert as_browser(company.agent).post(page, {}).status_code == 403


def test_a_forged_form_is_refused(company, as_browser, page):
    assert as_browser(company.requester, enforce_csrf_checks=True).post(page, {"overall": "5"}).status_code == 403
    assert Rating.objects.count() == 0


@pytest.mark.parametrize("number", ["SR-999999", "nonsense", "SR-" + "9" * 40, "%00"])
def test_a_request_that_is_not_there_is_not_found(reader, number, company):
    assert reader.get(f"/requests/{number}/rate/").status_code == 404


# ── With script, in place ────────────────────────────────────────────────────


def test_a_click_in_place_answers_with_the_part_and_room_for_more(reader, page):
    answer = reader.post(page, {"overall": "4"}, headers=HTMX)

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert shown.startswith('<section id="rating"')
    assert 'name="overall" value="4" checked' in shown
    assert Rating.objects.get().overall == 4


def test_the_form_in_place_answers_with_what_was_given(reader, page):
    shown = reader.post(page, FULL, headers=HTMX).content.decode()

    assert "You gave <b>4 of 5</b>." in shown
    assert "Quick, and friendly." in shown
    assert "IT Services can read this answer." in shown
    assert "<form" not in shown


def test_a_refusal_in_place_is_the_part_with_the_errors(reader, page):
    answer = reader.post(page, {"details": "True"}, headers=HTMX)

    assert answer.status_code == 400
    assert answer.content.decode().startswith('<section id="rating"')


# ── By a mailed link ─────────────────────────────────────────────────────────


@pytest.fixture
def link(delivered_request) -> str:
    invitation = services.invite_to_rate(request_id=delivered_request.pk)
    return f"/rate/{services.new_token(invitation)}/"


@pytest.fixture
def anybody(as_browser):
    return as_browser()


@pytest.mark.parametrize("method", ["get", "head"])
def test_following_the_link_changes_nothing(anybody, link, method):
    before = Event.objects.count()

    answer = getattr(anybody, method)(link, {"score": "4"})

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert (Rating.objects.count(), Event.objects.count(), Invitation.objects.get().state) == (0, before, "open")


def test_the_link_shows_the_score_and_one_button_and_no_more_than_the_mail_told(anybody, link, delivered_request):
    ServiceRequest.objects.update(description="canary-desc")

    shown = anybody.get(link, {"score": "4"}).content.decode()

    assert 'name="overall" value="4" checked' in shown
    assert "Keep this rating" in shown
    assert delivered_request.number in shown
    assert "canary-desc" not in shown
    assert "Rita" not in shown


def test_the_button_keeps_the_rating_without_signing_in(company, anybody, link):
    answer = anybody.post(link, {"overall": "4"}, follow=True)

    rating = Rating.objects.get()
    assert (rating.overall, rating.person) == (4, company.requester)
    assert rating.versions.get().by_link is True
    assert Event.objects.get(kind="rating.given").actor_id == company.requester.pk
    shown = answer.content.decode()
    assert answer.redirect_chain == [(link, 302)]
    assert "4 of 5 is kept." in shown
    assert "Your rating is kept. Thank you." in shown


def test_the_link_never_shows_what_was_said_before_and_takes_none_of_it_back(anybody, reader, page, link):
    reader.post(page, FULL | {"share_with_team": ""})

    shown = anybody.get(link).content.decode()
    assert 'name="overall" value="4" checked' in shown
    assert "Quick, and friendly." not in shown
    assert 'name="empathy" value="2" checked' not in shown

    anybody.post(link, {"overall": "2", "comment": "", "details": "True"})
    rating = Rating.objects.get()
    assert (rating.overall, rating.comment, rating.empathy, rating.number) == (2, "Quick, and friendly.", 2, 2)


def test_wrong_input_by_link_is_said(anybody, link):
    answer = anybody.post(link, {"overall": "9", "comment": "My words."})

    assert answer.status_code == 400
    assert "My words." in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_whose_time_is_over_says_so(anybody, link, method):
    ServiceRequest.objects.update(delivered_at="2020-01-01T00:00Z")

    answer = getattr(anybody, method)(link, {"overall": "4"})

    assert answer.status_code == 410
    assert "The 30 days in which this delivery could be rated are over." in answer.content.decode()
    assert Rating.objects.count() == 0


@pytest.mark.parametrize("token", ["x", "null", "0", "a" * 43, "%00", "a" * 3000, "<script>", "..%2f.."])
def test_a_token_nobody_was_sent_is_not_found(anybody, link, token):
    assert anybody.get(f"/rate/{token}/").status_code == 404
    assert anybody.post(f"/rate/{token}/", {"overall": "5"}).status_code == 404


def test_a_forged_form_by_link_is_refused(as_browser, link):
    assert as_browser(enforce_csrf_checks=True).post(link, {"overall": "5"}).status_code == 403


def test_the_link_is_for_one_request_only(company, anybody, link, full_answer):
    other = file_laptop(company)
    services_before = RatingLink.objects.count()

    anybody.post(link, {"overall": "5", "number": other.number})

    assert Rating.objects.get().service_request != other
    assert RatingLink.objects.count() == services_before
