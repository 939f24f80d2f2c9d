"""Pages of agreements: what each head finds, and that every step works from them."""

from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from requests_app.agreements.models import Agreement
from requests_app.agreements.negotiation.services import counter_agreement
from requests_app.agreements.selectors import stage_of
from requests_app.agreements.states import Days, Escalation, Stage
from requests_app.agreements.terms import Terms
from tests.factories.agreements import drafted, proposed, signed

BERLIN = ZoneInfo("Europe/Berlin")  # where the readers are
pytestmark = pytest.mark.django_db
NEW = "/agreements/new/?go=on&supplier=it&customer=sales"
USUAL = {"pausing": ["customer"], "acceptance_days": "5", "do": "save", "version": "0"}


def page(client, agreement: Agreement) -> str:
    answer = client.get(f"/agreements/{agreement.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_head_drafts_in_words_and_everything_typed_is_kept(company, as_browser):
    typed = USUAL | {
        "response_1": "15 min", "resolution_3": "2 h 30 min", "resolution_4": "3 days", "acceptance_3": "1 h",
        "step_0_percent": "50", "step_0_measure": "resolution", "step_0_do": "inform_head", "reopening": "restart",
        "reopen_days": "7", "quality": "No scratches.", "price": "rate card A", "calendar": company.calendar.slug,
        "valid_from": "2027-01-01", "valid_to": "2028-01-01", "remind_days": "45",
    }  # fmt: skip
    answer = as_browser(company.supplier_head).post(NEW, typed)

    made = Agreement.objects.get(life="draft")
    assert (answer.status_code, answer.url) == (302, f"/agreements/{made.pk}/")
    terms = Terms.of(made)
    assert terms.targets == {
        "response": {1: 900}, "acceptance": {3: 3600}, "resolution": {3: 9000, 4: Days(3)},
    }  # fmt: skip
    assert terms.escalations == (Escalation(50, "resolution", "inform_head"),)
    assert (terms.reopening, terms.reopen_days, terms.quality, terms.price, terms.calendar, terms.remind_days) == (
        "restart", 7, "No scratches.", "rate card A", company.calendar, 45,
    )  # fmt: skip
    assert [timezone.localtime(at, BERLIN).date().isoformat() for at in (terms.valid_from, terms.valid_to)] == [
        "2027-01-01", "2028-01-01",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"response_1": "soon"}, "is not a time"),
        ({"response_1": "1 d 4 h"}, "not both"),
        ({"step_0_percent": "50"}, "Give a share, a measure and a step"),
        ({"resolution_1": "1 h", "valid_to": "2020-01-01"}, "must lie after the beginning"),
        ({}, "Set at least one target"),
    ],
)
def test_a_text_that_cannot_be_is_refused_beside_the_field_and_kept(company, as_browser, typed, said):
    answer = as_browser(company.supplier_head).post(NEW, USUAL | {"quality": "No scratches."} | typed)
    assert answer.status_code == 400
    text = answer.content.decode()
    assert said in text
    assert "No scratches." in text
    assert not Agreement.objects.filter(life="draft").exists()


def test_each_side_is_told_whose_turn_it_is(company, as_browser):
    agreement = proposed(company)
    theirs = page(as_browser(company.customer_head), agreement)
    ours = page(as_browser(company.supplier_head), agreement)

    assert "Your turn: sign it, answer with other terms, or refuse it." in theirs
    assert "Sales signs it, answers with other terms, or refuses it." in ours
    assert ("/sign/" in theirs, "/sign/" in ours) == (True, False)


def test_the_other_head_signs_and_it_is_in_force(company, as_browser):
    agreement = proposed(company)
    answer = as_browser(company.customer_head).post(f"/agreements/{agreement.pk}/sign/", {"round": "1"})

    assert (answer.status_code, answer.url) == (302, f"/agreements/{agreement.pk}/")
    agreement.refresh_from_db()
    assert stage_of(agreement) == Stage.IN_FORCE
    assert "signed by" in page(as_browser(company.stranger), agreement)


def test_a_counter_proposal_shows_what_it_changed(company, as_browser):
    agreement = proposed(company)
    client = as_browser(company.customer_head)
    form = client.get(f"/agreements/{agreement.pk}/text/").content.decode()
    assert 'value="2 h"' in form
    answer = client.post(
        f"/agreements/{agreement.pk}/text/",
        USUAL | {"version": "1", "response_3": "30 min", "resolution_3": "2 h", "note": "Half an hour.",
                 "quality": "It works on the first day."},
    )  # fmt: skip
    assert answer.status_code == 302

    text = page(as_browser(company.supplier_head), agreement)
    assert "What this proposal changed" in text
    assert "<del>1\u00a0h</del> <ins>30\u00a0min</ins>" in text
    assert "Half an hour." in text


def test_a_stale_answer_keeps_what_was_typed(company, as_browser):
    agreement = proposed(company)
    counter_agreement(by=company.customer_head, agreement=agreement, terms=Terms.of(agreement).changed(price="free"))
    Agreement.objects.filter(pk=agreement.pk).update(proposed_by="supplier")
    answer = as_browser(company.customer_head).post(
        f"/agreements/{agreement.pk}/text/", USUAL | {"version": "1", "resolution_3": "9 h"}
    )
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "has spoken since you opened this" in text
    assert 'value="9 h"' in text


def test_a_next_version_stands_beside_the_one_in_force(company, as_browser):
    signed(company)
    client = as_browser(company.supplier_head)
    form = client.get(NEW).content.decode()
    assert 'value="2 h"' in form
    client.post(NEW, USUAL | {"response_3": "1 h", "resolution_3": "8 h", "quality": "It works on the first day."})

    text = page(client, Agreement.objects.get(life="draft"))
    assert "Beside version 1" in text
    assert "<del>2\u00a0h</del> <ins>8\u00a0h</ins>" in text


def test_leaving_the_table_needs_a_reason(company, as_browser):
    agreement = proposed(company)
    client = as_browser(company.customer_head)
    refused = client.post(f"/agreements/{agreement.pk}/withdraw/", {"reason": ""})
    assert refused.status_code == 400
    taken = client.post(f"/agreements/{agreement.pk}/withdraw/", {"reason": "Too dear."})
    assert taken.status_code == 302
    assert "Too dear." in page(client, agreement)


def test_what_is_in_force_ends_on_a_day_to_come(company, as_browser):
    agreement = signed(company)
    client = as_browser(company.customer_head)
    assert (
        client.post(f"/agreements/{agreement.pk}/end/", {"reason": "We merge.", "at": "2020-01-01"}).status_code == 400
    )
    assert (
        client.post(f"/agreements/{agreement.pk}/end/", {"reason": "We merge.", "at": "2099-01-01"}).status_code == 302
    )
    agreement.refresh_from_db()
    assert (timezone.localtime(agreement.valid_to, BERLIN).date().isoformat(), stage_of(agreement)) == (
        "2099-01-01", Stage.IN_FORCE,
    )  # fmt: skip


def test_a_step_that_came_too_late_is_said_on_the_page(company, as_browser):
    agreement = signed(company)
    answer = as_browser(company.customer_head).post(f"/agreements/{agreement.pk}/sign/", {})
    assert answer.status_code == 409
    assert "so that can no longer be done" in answer.content.decode()


def test_the_list_says_what_waits_for_the_reader_and_the_sidebar_counts_it(company, as_browser):
    proposed(company)
    text = as_browser(company.customer_head).get("/agreements/").content.decode()
    assert "Waits for your answer" in text
    assert 'href="/agreements/"' in text
    assert '<span class="n">1</span>' in text
    assert "Waits for your answer" not in as_browser(company.supplier_head).get("/agreements/").content.decode()


def test_a_list_costs_the_same_with_one_and_with_three(company, as_browser, django_assert_num_queries):
    client = as_browser(company.customer_head)
    signed(company)
    proposed(company)
    client.get("/agreements/")
    with django_assert_num_queries(14):
        client.get("/agreements/")
    signed(company, service=company.laptop)
    proposed(company, service=company.laptop)
    with django_assert_num_queries(14):
        client.get("/agreements/")


@pytest.mark.parametrize("who", ["requester", "agent", "other_head", "stranger"])
def test_nobody_else_reads_what_is_on_the_table(company, as_browser, who):
    client = as_browser(getattr(company, who))
    for agreement in (drafted(company, service=company.laptop), proposed(company)):
        assert client.get(f"/agreements/{agreement.pk}/").status_code == 404


def test_between_two_departments_a_head_is_led_to_negotiate_and_an_administrator_is_not(company, as_browser):
    address = "/settings/targets/set/?supplier=it&customer=sales"
    led = as_browser(company.supplier_head).get(address)
    assert (led.status_code, led.url) == (302, "/agreements/new/?supplier=it&customer=sales&go=on")
    assert as_browser(company.admin).get(address).status_code == 200
