"""Minutes while they are typed: each side sees what the other saves, and nobody loses a word."""

import html
import re

import pytest

from feedback.talks.services import take_step
from feedback.talks.writing import write_minutes
from requests_app.events.models import Event
from tests.factories.talks import begun, planned, task_at

pytestmark = pytest.mark.django_db
LIST = "/feedback/talks/"
HTMX = {"HX-Request": "true"}


def text_of(answer) -> str:
    return answer.content.decode()


def live_at(client, talk):
    """The address a page asks what is new, as it stands on the page."""
    found = re.search(r'hx-get="([^"]+/live/[^"]+)"', text_of(client.get(f"{LIST}{talk.pk}/")))
    return html.unescape(found.group(1))


def test_what_one_side_writes_the_other_is_told_of_and_nothing_when_nothing_is_new(company, as_browser):
    talk = begun(company)
    ours, theirs = as_browser(company.supplier_head), as_browser(company.customer_head)
    here, there = live_at(ours, talk), live_at(theirs, talk)
    assert (ours.get(here).status_code, theirs.get(there).status_code) == (204, 204)
    write_minutes(by=company.agent, talk=talk, side="supplier", text="We listened.")
    told = theirs.get(there)
    assert (ours.get(here).status_code, told.status_code) == (204, 200)
    assert ("We listened." in text_of(told), "<textarea" in text_of(told), "<form" in text_of(told)) == (
        True, False, False,
    )  # fmt: skip
    task_at(company, talk)
    assert ["Send the list" in text_of(one.get(at)) for one, at in ((ours, here), (theirs, there))] == [True, True]
    take_step(by=company.supplier_head, talk=talk, name="end", present=[company.agent])
    assert ("The talk has ended" in text_of(theirs.get(there)), "Was there" in text_of(theirs.get(there))) == (
        True, True,
    )  # fmt: skip
    assert as_browser(company.stranger).get(here).status_code == 404


def test_who_only_reads_is_told_of_both_sides_and_of_a_talk_that_begins(company, as_browser):
    talk = planned(company)
    auditor = as_browser(company.auditor)
    there = live_at(auditor, talk)
    assert auditor.get(there).status_code == 204
    take_step(by=company.supplier_head, talk=talk, name="begin")
    assert "The talk has begun" in text_of(auditor.get(there))


@pytest.mark.parametrize("rows", [1, 3])
def test_asking_what_is_new_costs_the_same_for_one_line_and_for_three(
    company, as_browser, rows, django_assert_max_num_queries
):
    talk, client = begun(company), as_browser(company.supplier_head)
    for _ in range(rows):
        task_at(company, talk)
    there = live_at(client, talk)
    with django_assert_max_num_queries(8):
        assert client.get(there).status_code == 204
    with django_assert_max_num_queries(19):
        assert client.get(f"{LIST}{talk.pk}/live/").status_code == 200


def test_minutes_saved_while_they_are_typed_answer_with_their_version_only(company, as_browser):
    talk = begun(company)
    agent, there = as_browser(company.agent), f"{LIST}{talk.pk}/minutes/supplier/"
    version = agent.get(f"{LIST}{talk.pk}/").context["forms"]["minutes_supplier"]["version"].value()
    saved = agent.post(there, {"supplier-text": "We li", "supplier-version": version}, headers=HTMX)
    fresh = saved.context["form"]["version"].value()
    assert (saved.status_code, f'value="{fresh}"' in text_of(saved), "<textarea" in text_of(saved)) == (
        200, True, False,
    )  # fmt: skip
    again = {"supplier-text": "We listened", "supplier-version": fresh}
    assert agent.post(there, again, headers=HTMX).status_code == 200
    assert agent.post(there, again, headers=HTMX).status_code == 200, "what is there already is no conflict"
    talk.refresh_from_db()
    assert (talk.notes_supplier, Event.objects.filter(kind="meeting.minuted").count()) == ("We listened", 1)


def test_two_who_type_for_one_side_see_each_others_words_and_only_the_button_decides(company, as_browser):
    talk = begun(company)
    agent, there = as_browser(company.agent), f"{LIST}{talk.pk}/minutes/supplier/"
    version = agent.get(f"{LIST}{talk.pk}/").context["forms"]["minutes_supplier"]["version"].value()
    write_minutes(by=company.supplier_head, talk=talk, side="supplier", text="Of the head")
    refused = agent.post(there, {"supplier-text": "Of the agent", "supplier-version": version}, headers=HTMX)
    assert (refused.status_code, "Of the head" in text_of(refused), "supplier-halt" in text_of(refused)) == (
        400, True, True,
    )  # fmt: skip
    typed = {
        "supplier-text": "Of the agent", "supplier-version": refused.context["form"]["version"].value(),
        "supplier-halt": "1",
    }  # fmt: skip
    assert agent.post(there, typed, headers=HTMX).status_code == 204
    talk.refresh_from_db()
    assert talk.notes_supplier == "Of the head"
    assert agent.post(there, typed).status_code == 302
    talk.refresh_from_db()
    assert talk.notes_supplier == "Of the agent"


def test_ending_a_talk_keeps_the_words_that_were_typed_or_does_not_end_it(company, as_browser):
    talk = begun(company)
    head, there = as_browser(company.supplier_head), f"{LIST}{talk.pk}/steps/end/"
    version = head.get(f"{LIST}{talk.pk}/").context["forms"]["minutes_supplier"]["version"].value()
    typed = {"supplier-text": "Last words", "supplier-version": version, "version": talk.version}
    write_minutes(by=company.agent, talk=talk, side="supplier", text="Of the agent")
    refused = head.post(there, typed)
    assert (refused.status_code, "Last words" in text_of(refused), "Of the agent" in text_of(refused)) == (
        400, True, True,
    )  # fmt: skip
    talk.refresh_from_db()
    assert (talk.state, talk.notes_supplier) == ("begun", "Of the agent")
    typed["supplier-version"] = refused.context["forms"]["minutes_supplier"]["version"].value()
    assert head.post(there, typed).status_code == 302
    talk.refresh_from_db()
    assert (talk.state, talk.notes_supplier) == ("held", "Last words")
