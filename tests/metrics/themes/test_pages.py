"""The page and the API of what people say: for whom, what they may read of it, and the lists behind it."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.ratings.models import Rating
from metrics.themes.models import RecurringNeed, Theme
from metrics.themes.services import find_all
from tests.metrics.themes.conftest import SLOW, complained, survey_closed

PAGE, API = "/departments/it/themes/", "/api/v1/figures/departments/it/themes/"


def text(answer) -> str:
    assert answer.status_code == 200
    return unescape(answer.content.decode()).replace("\u00a0", " ")


def test_the_page_names_themes_needs_and_how_far_the_tone_can_be_trusted(spoken, alike, as_browser):
    Rating.objects.update(share_with_team=True)
    find_all()
    page = text(as_browser(spoken.supplier_head).get(PAGE))
    for words in ("It takes long", "How people are treated", "in 12 of 12 texts", "printer", "unhappy", "friendly"):
        assert words in page


def test_only_what_the_reader_may_read_anyway_is_quoted(spoken, as_browser):
    find_all()
    shared = set(Rating.objects.visible_to(spoken.supplier_head).values_list("comment", flat=True))
    pages = {who: text(as_browser(getattr(spoken, who)).get(PAGE)) for who in ("supplier_head", "executive")}
    assert {words for words in SLOW if f"“{words}”" in pages["supplier_head"]} == shared & set(SLOW) == {SLOW[0]}
    assert [words for words in SLOW if f"“{words}”" in pages["executive"]] == []
    assert "It takes long" in pages["executive"]


def test_a_complaint_is_quoted_to_whom_it_is_open(company, people, as_browser):
    for words, person in zip(SLOW, people, strict=True):
        complained(company, words, by=person, department=company.it)
    find_all()
    pages = {who: text(as_browser(getattr(company, who)).get(PAGE)) for who in ("supplier_head", "executive", "agent")}
    assert {who: sum(f"“{words}”" in page for words in SLOW) for who, page in pages.items()} == {
        "supplier_head": 3, "executive": 0, "agent": 0,
    }  # fmt: skip


def test_before_anything_was_said_the_page_says_so(company, as_browser):
    page = text(as_browser(company.supplier_head).get(PAGE))
    assert page.count("Nothing was said in this way.") == 2
    assert "No five requests of one service were alike." in page


def test_too_few_people_are_told_as_such(spoken, as_browser):
    Rating.objects.exclude(person__name="Nora 1").exclude(person__name="Nora 2").delete()
    find_all()
    page = text(as_browser(spoken.supplier_head).get(PAGE))
    assert "Fewer than 5 people said anything in this way, so nothing is told." in page
    assert Theme.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "status"),
    [("supplier_head", 200), ("agent", 200), ("executive", 200), ("auditor", 200), ("customer_head", 403), ("admin", 403),
     ("requester", 403), ("stranger", 403)],
)  # fmt: skip
def test_it_is_for_the_department_executives_and_auditors(company, as_browser, as_api, who, status):
    person = getattr(company, who)
    assert [as_browser(person).get(PAGE).status_code, as_api(person).get(API).status_code] == [status, status]


def test_an_unknown_department_is_not_found(company, as_browser):
    assert as_browser(company.supplier_head).get("/departments/nowhere/themes/").status_code == 404


def test_a_need_lists_as_many_requests_as_it_counts(spoken, alike, as_browser):
    find_all()
    client = as_browser(spoken.supplier_head)
    [(link, count)] = re.findall(
        r'href="(/requests/[^"]*figure=recurring[^"]*)" data-count="(\d+)"', text(client.get(PAGE))
    )
    listed = text(client.get(link))
    assert "Asked for again and again" in listed
    assert len(set(re.findall(r"/requests/(SR-\d+)/", listed))) == int(count) == 6


def test_a_need_that_is_none_and_one_of_others_are_not_found(spoken, alike, as_browser):
    find_all()
    client, anchor = as_browser(spoken.supplier_head), RecurringNeed.objects.get().anchor
    found = "/requests/?figure=recurring&side=supplier&from=2026-01-01&to=2026-02-01"
    wrong = [("sales", anchor), ("it", 999_999), ("it", "x"), ("it", "9" * 30), ("", anchor)]
    assert [client.get(f"{found}&department={slug}&part={part}").status_code for slug, part in wrong] == [404] * 5
    assert client.get(f"{found}&department=it&part={anchor}").status_code == 200


def test_who_sees_no_figures_is_told_neither_the_words_nor_how_many(spoken, alike, as_browser):
    find_all()
    anchor = RecurringNeed.objects.get().anchor
    page = text(as_browser(spoken.requester).get(
        f"/requests/?figure=recurring&side=supplier&department=it&from=2026-01-01&to=2026-02-01&part={anchor}"
    ))  # fmt: skip
    assert "not yours to see" not in page
    assert "again: " not in page


def test_the_dashboard_shows_the_commonest_themes_and_leads_here(spoken, as_browser):
    find_all()
    page = text(as_browser(spoken.supplier_head).get("/departments/it/as-supplier/"))
    assert f'href="{PAGE}"' in page
    assert "It takes long" in page
    assert f'href="{PAGE}"' not in text(as_browser(spoken.supplier_head).get("/departments/it/as-customer/"))


def test_the_api_tells_what_the_page_tells(spoken, alike, as_api):
    survey_closed(spoken, ["It took too long"] * 10)
    find_all()
    answer = as_api(spoken.supplier_head).get(API).json()
    assert [(part["source"], part["texts"], [(one["concept"], one["n"]) for one in part["themes"]]) for part in answer["parts"]] == [
        ("said", 12, [("manner", 6), ("slow", 6)]), ("answers", 10, [("slow", 10)]),
    ]  # fmt: skip
    [need] = answer["needs"]
    assert (need["service"], need["n"], need["before"], need["customers"]) == ("help", 6, 0, 1)
    assert "figure=recurring" in need["rows"]


def test_more_themes_ask_no_more_of_the_database(spoken, alike, as_browser):
    find_all()
    client, counts = as_browser(spoken.supplier_head), []
    for wanted in (1, 2):
        Theme.objects.filter(place__gte=wanted).delete() if wanted == 1 else find_all()
        client.get(PAGE)
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE)
        counts.append(len(asked))
    assert counts[0] == counts[1]
