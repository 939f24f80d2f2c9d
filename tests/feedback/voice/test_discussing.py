"""What is said below a suggestion."""

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from feedback.voice import discussing
from feedback.voice.discussing import add_post, withdraw_post
from feedback.voice.models import Post
from feedback.voice.services import take_step
from requests_app.events.models import Event
from requests_app.kernel.errors import DomainError, IllegalMove, NotAllowed, WrongInput
from tests.factories.voices import said

pytestmark = pytest.mark.django_db


def test_members_say_something_and_take_their_own_back(company):
    voice = said(company, "suggestion")
    post = add_post(by=company.stranger, voice=voice, body=" In summer too. ")
    assert (post.body, post.author) == ("In summer too.", company.stranger)
    with pytest.raises(NotAllowed):
        withdraw_post(by=company.supplier_head, voice=voice, pk=post.pk)
    gone = [withdraw_post(by=company.stranger, voice=voice, pk=post.pk) for _ in range(2)][1]
    assert (gone.body, gone.withdrawn_at is not None) == ("", True)
    assert list(Event.objects.filter(kind__startswith="voice.post").order_by("pk").values_list("kind", flat=True)) == [
        "voice.posted", "voice.post_withdrawn",
    ]  # fmt: skip


def test_only_standing_suggestions_are_discussed_and_by_members(company):
    voice = said(company, "suggestion")
    for person in (company.executive, company.auditor):
        with pytest.raises(NotAllowed):
            add_post(by=person, voice=voice, body="x")
    with pytest.raises(WrongInput):
        add_post(by=company.stranger, voice=voice, body=" ")
    with pytest.raises(IllegalMove):
        add_post(by=company.stranger, voice=said(company, "praise"), body="x")
    take_step(by=company.requester, voice=voice, name="withdraw")
    with pytest.raises(IllegalMove):
        add_post(by=company.stranger, voice=voice, body="x")


def test_a_post_is_found_below_its_own_suggestion_only(company):
    post = add_post(by=company.stranger, voice=said(company, "suggestion"), body="x")
    with pytest.raises(Http404):
        withdraw_post(by=company.stranger, voice=said(company, "suggestion"), pk=post.pk)


def test_there_is_an_end_to_what_one_person_says_a_day(company, monkeypatch):
    monkeypatch.setattr(discussing, "MOST_POSTS_A_DAY", 1)
    voice = said(company, "suggestion")
    add_post(by=company.stranger, voice=voice, body="x")
    with pytest.raises(DomainError):
        add_post(by=company.stranger, voice=voice, body="y")


def test_an_empty_post_is_refused_by_the_database(company):
    post = add_post(by=company.stranger, voice=said(company, "suggestion"), body="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(body="")


def test_on_the_page_it_is_said_escaped_and_taken_back(company, as_browser):
    page = f"/feedback/voices/{said(company, 'suggestion').pk}/"
    stranger = as_browser(company.stranger)
    assert stranger.post(f"{page}posts/", {"body": ""}).status_code == 400
    assert stranger.post(f"{page}posts/", {"body": "<b>Bold</b> words"}).status_code == 302
    shown = stranger.get(page).content.decode()
    assert ("&lt;b&gt;Bold&lt;/b&gt; words" in shown, "<b>Bold" in shown) == (True, False)
    gone = f"{page}posts/{Post.objects.get().pk}/withdraw/"
    assert as_browser(company.requester).post(gone).status_code == 403
    assert stranger.post(gone).status_code == 302
    shown = as_browser(company.requester).get(page).content.decode()
    assert ("Taken back." in shown, "Bold" in shown) == (True, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(company, as_browser, rows, django_assert_max_num_queries):
    voice = said(company, "suggestion")
    for person in [company.stranger, company.agent, company.requester][:rows]:
        add_post(by=person, voice=voice, body="x")
    client = as_browser(company.stranger)
    client.get(f"/feedback/voices/{voice.pk}/")
    with django_assert_max_num_queries(14):
        client.get(f"/feedback/voices/{voice.pk}/")


def test_over_the_api_it_is_said_listed_and_taken_back(company, as_api):
    posts = f"/api/v1/voices/{said(company, 'suggestion').pk}/posts/"
    made = as_api(company.stranger).post(posts, {"body": "In summer too."})
    assert (made.status_code, made.json()["body"]) == (201, "In summer too.")
    listed = as_api(company.requester).get(posts).json()["results"]
    assert [(row["author"], row["body"]) for row in listed] == [(company.stranger.name, "In summer too.")]
    assert as_api(company.stranger).post(posts, {}).status_code == 400
    gone = as_api(company.stranger).post(f"{posts}{made.json()['id']}/withdraw/")
    assert (gone.json()["body"], gone.json()["withdrawn_at"] is not None) == ("", True)
