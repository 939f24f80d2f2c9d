"""What is said below a suggestion."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.http import Http404

from feedback.voice import discussing
from feedback.voice.discussing import add_post, withdraw_post
from feedback.voice.models import Post
from feedback.voice.services import take_step, vote
from requests_app.events.models import Event
from requests_app.events.services import deliver
from requests_app.kernel.errors import DomainError, IllegalMove, NotAllowed, WrongInput
from requests_app.messaging.services import send_waiting
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


def mailed() -> list[tuple[str, str]]:
    """Who gets what now: first name and headline."""
    mail.outbox.clear()
    deliver("feedback.voice_letters")
    send_waiting()
    return sorted((one.to[0].partition(".")[0], one.subject.partition(":")[0]) for one in mail.outbox)


def test_what_is_said_below_a_suggestion_is_mailed_to_both_sides_once_and_never_to_who_said_it(company):
    voice = said(company, "suggestion")
    mailed()
    news = "Somebody discusses a suggestion"
    add_post(by=company.stranger, voice=voice, body="In summer too.")
    assert mailed() == [("rita", news), ("sofia", news)]
    assert "In summer too." in mail.outbox[0].body
    assert mailed() == []
    add_post(by=company.requester, voice=voice, body="And in winter.")
    assert mailed() == [("sofia", news)]
    post = add_post(by=company.supplier_head, voice=voice, body="We look into it.")
    withdraw_post(by=company.supplier_head, voice=voice, pk=post.pk)
    assert mailed() == []


def test_votes_are_mailed_once_a_day_without_who_votes(company):
    voice = said(company, "suggestion")
    mailed()
    news = "A suggestion is wanted by others too"
    for person in (company.colleague, company.stranger):
        vote(by=person, voice=voice, wanted=True)
    assert mailed() == [("rita", news), ("sofia", news)]
    assert ("2 colleagues want it too." in mail.outbox[0].body, company.stranger.name in mail.outbox[0].body) == (
        True, False,
    )  # fmt: skip
    vote(by=company.watcher, voice=voice, wanted=True)
    assert mailed() == []


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
