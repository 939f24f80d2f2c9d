"""The request page in the browser: each step by form and by htmx; refusals keep what was typed; no stranger gets in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape

from requests_app.desk.models import Attachment, Handoff, ServiceRequest
from requests_app.desk.services.conversation import add_watcher, post_message
from requests_app.desk.services.handoffs import decline_handoff, offer_handoff
from requests_app.desk.services.moves import Words, move_request
from requests_app.org.services import set_hats
from tests.factories import accept, deliver, file_laptop

HTMX = {"HTTP_HX_REQUEST": "true"}
IN_STEP = HTMX | {"HTTP_HX_TARGET": "step"}
DEFECT = {"agreed": "Two screens", "received": "One screen", "remedy": "Bring the second one"}


def url(row, rest=""):
    return f"/requests/{row.number}/{rest}"


def fresh(row):
    return ServiceRequest.objects.get(pk=row.pk)


@pytest.fixture
def browser(as_browser, company):
    return lambda who: as_browser(getattr(company, who))


def test_the_page_shows_the_request_to_both_sides(browser, delivered_request):
    for who in ("requester", "assigned", "customer_head", "supplier_head", "auditor"):
        response = browser(who).get(url(delivered_request))
        assert response.status_code == 200
        assert b"A laptop for the new colleague" in response.content


@pytest.mark.parametrize(
    "rest", ["", "moves/accept/", "take/", "assign/", "priority/", "edit/", "handoff/", "messages/", "watchers/"]
)
def test_a_stranger_finds_nothing_and_nobody_unknown_gets_in(browser, as_browser, new_request, rest):
    method = "post" if rest in ("watchers/",) else "get"
    assert getattr(browser("stranger"), method)(url(new_request, rest)).status_code == 404
    response = getattr(as_browser(), method)(url(new_request, rest))
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={url(new_request, rest)}")


@pytest.mark.parametrize(
    "path", ["/requests/SR-1/", "/requests/SR-000001x/", "/requests/sr-000001/", "/requests/SR-٠٠٠٠٠١/"]
)
def test_other_spellings_are_no_address(browser, new_request, path):
    assert browser("requester").get(path).status_code == 404


def test_hostile_text_is_only_text(browser, company):
    nasty = "<script>alert(1)</script>{{ 7|add:7 }}"
    row = file_laptop(company, title=nasty, description=nasty)
    post_message(by=company.agent, service_request=row, body=nasty)
    page = browser("requester").get(url(row)).content.decode()

    assert "<script>alert" not in page
    assert page.count(escape(nasty)) >= 3


def test_the_life_of_a_request_is_lived_by_forms_alone(browser, company, new_request):
    for who, action, data in [
        ("assigned", "accept", {}), ("assigned", "start", {}),
        ("assigned", "hold", {"hold_reason": "customer", "reason": "Which colour?"}),
        ("assigned", "resume", {"reason": "Grey"}), ("assigned", "deliver", {"reason": "On your desk"}),
        ("requester", "reject", DEFECT), ("assigned", "deliver", {}), ("requester", "confirm", {}),
        ("requester", "reopen", {"reason": "It broke"}), ("requester", "cancel", {"reason": "Never mind"}),
    ]:  # fmt: skip
        opened = browser(who).get(url(new_request, f"moves/{action}/"))
        version = fresh(new_request).version
        assert opened.status_code == 200
        assert f'<input type="hidden" name="version" value="{version}">' in opened.content.decode()
        response = browser(who).post(url(new_request, f"moves/{action}/"), {"version": version, **data})
        assert (response.status_code, response["Location"]) == (302, url(new_request))
    assert fresh(new_request).status == "cancelled"


def test_a_supplier_declines_with_a_reason(browser, accepted_request):
    response = browser("assigned").post(url(accepted_request, "moves/decline/"), {"reason": "Ask Facilities"})
    assert (response.status_code, fresh(accepted_request).status) == (302, "declined")


def test_a_delivery_brings_its_files(browser, accepted_request):
    record = SimpleUploadedFile("record.pdf", b"%PDF-1.4")
    browser("assigned").post(url(accepted_request, "moves/deliver/"), {"reason": "Done", "files": record})

    page = browser("requester").get(url(accepted_request)).content.decode()
    assert f'href="/attachments/{Attachment.objects.get().pk}/"' in page


def test_a_file_of_a_wrong_kind_is_refused_with_its_name(browser, accepted_request):
    program = SimpleUploadedFile("tool.exe", b"MZ")
    data = {"reason": "Kept words", "files": program}
    response = browser("assigned").post(url(accepted_request, "moves/deliver/"), data)

    page = response.content.decode()
    assert (response.status_code, fresh(accepted_request).status) == (400, "accepted")
    assert "tool.exe cannot be attached" in page
    assert "Kept words" in page


def test_htmx_gets_the_form_alone_and_then_the_whole_region(browser, accepted_request):
    client = browser("assigned")
    form = client.get(url(accepted_request, "moves/hold/"), **IN_STEP)
    assert (form.status_code, b"<!doctype" in form.content, b'class="dk-panel dk-step"' in form.content) == (
        200, False, True,
    )  # fmt: skip
    refused = client.post(url(accepted_request, "moves/hold/"), {"reason": "Kept words"}, **IN_STEP)
    assert (refused.status_code, "HX-Retarget" in refused) == (400, False)
    assert b"Kept words" in refused.content
    assert b"Choose one." in refused.content

    taken = client.post(url(accepted_request, "moves/hold/"), {"hold_reason": "part"}, **IN_STEP)
    assert (taken.status_code, taken["HX-Retarget"], taken["HX-Reswap"]) == (200, "#request", "outerHTML")
    assert b'<div id="request">' in taken.content
    assert b"waits for a part or material" in taken.content


def test_what_is_missing_is_said_beside_the_field_and_what_was_typed_stays(browser, delivered_request):
    data = DEFECT | {"remedy": "  "}
    response = browser("requester").post(url(delivered_request, "moves/reject/"), data)

    page = response.content.decode()
    assert (response.status_code, fresh(delivered_request).status) == (400, "delivered")
    assert 'id="id_remedy_msg"' in page
    assert "Two screens" in page


def test_nul_characters_are_refused_with_a_sentence(browser, delivered_request):
    response = browser("requester").post(url(delivered_request, "moves/reject/"), DEFECT | {"agreed": "a\x00b"})
    assert (response.status_code, fresh(delivered_request).status) == (400, "delivered")
    assert b"a character that cannot be kept" in response.content


def test_criteria_that_are_not_met_are_filled_in(browser, company, delivered_request):
    company.laptop.quality = "Starts in a minute\nHas a charger\n"
    company.laptop.save()
    page = browser("requester").get(url(delivered_request)).content.decode()
    assert 'name="c2" value="not"' in page

    response = browser("requester").get(url(delivered_request, "moves/reject/"), {"c1": "met", "c2": "not"})
    assert "Has a charger</textarea>" in response.content.decode()


def test_a_form_opened_before_somebody_elses_change_is_told_so_and_kept(browser, company, delivered_request):
    version = delivered_request.version
    post_message(by=company.assigned, service_request=delivered_request, body="One more thing")
    data = DEFECT | {"version": version}
    response = browser("requester").post(url(delivered_request, "moves/reject/"), data)

    page = response.content.decode()
    assert (response.status_code, fresh(delivered_request).status) == (412, "delivered")
    assert "Somebody changed this request since you opened it." in page
    assert "Bring the second one" in page
    assert f'name="version" value="{fresh(delivered_request).version}"' in page
    assert "One more thing" in page


def test_an_internal_note_does_not_make_the_customers_form_stale(browser, company, delivered_request):
    version = fresh(delivered_request).version
    post_message(by=company.assigned, service_request=delivered_request, body="Between us", internal=True)
    response = browser("requester").post(url(delivered_request, "moves/confirm/"), {"version": version})
    assert (response.status_code, fresh(delivered_request).status) == (302, "closed")


def test_of_two_people_the_second_is_told_what_happened(browser, company, new_request):
    accept(company, new_request)
    response = browser("assigned").post(url(new_request, "moves/accept/"), {})

    assert response.status_code == 409
    assert "This request is “Accepted” now, so it can no longer be moved that way." in response.content.decode()
    assert b"You deliver" in response.content


def test_of_two_agents_the_slower_is_told_so_not_that_it_is_not_theirs(browser, company, new_request):
    version = new_request.version
    accept(company, new_request)
    for data, status in (({"version": version}, 412), ({}, 409)):
        response = browser("agent").post(url(new_request, "moves/accept/"), data)
        assert response.status_code == status


def test_opening_a_step_that_is_over_says_so(browser, company, new_request):
    accept(company, new_request)
    response = browser("assigned").get(url(new_request, "moves/accept/"))
    assert (response.status_code, b"can no longer be moved that way" in response.content) == (409, True)


@pytest.mark.parametrize(
    ("who", "rest", "could"),
    [
        ("colleague", "moves/cancel/", "the requester"),
        ("requester", "moves/start/", "the assigned agent"),
        ("colleague", "priority/", "an agent of the supplying department"),
        ("requester", "assign/", "the head of the supplying department"),
        ("requester", "handoff/", "the assigned agent"),
        ("agent", "edit/", "the requester"),
    ],
)
def test_who_sees_but_may_not_is_told_who_could(browser, accepted_request, who, rest, could):
    for method in ("get", "post"):
        response = getattr(browser(who), method)(url(accepted_request, rest))
        assert (response.status_code, could in response.content.decode()) == (403, True)


def test_there_are_no_other_moves(browser, new_request):
    assert browser("requester").post(url(new_request, "moves/explode/")).status_code == 404


def test_an_agent_takes_a_request_and_the_next_is_told_who_did(browser, company, new_request):
    assert b"Take it" in browser("agent").get(url(new_request, "take/")).content
    response = browser("agent").post(url(new_request, "take/"))
    assert (response.status_code, fresh(new_request).assignee) == (302, company.agent)

    late = browser("assigned").post(url(new_request, "take/"))
    assert (late.status_code, b"Anton Agent works on this already." in late.content) == (409, True)
    assert browser("requester").post(url(file_laptop(company), "take/")).status_code == 403


def test_the_head_gives_work_to_an_agent_and_back(browser, company, accepted_request):
    opened = browser("supplier_head").get(url(accepted_request, "assign/")).content.decode()
    assert '<option value="ansel.assigned@example.test" selected>' in opened
    browser("supplier_head").post(url(accepted_request, "assign/"), {"assignee": company.agent.email})
    assert fresh(accepted_request).assignee == company.agent
    browser("supplier_head").post(url(accepted_request, "assign/"), {"assignee": ""})
    assert fresh(accepted_request).assignee is None

    refused = browser("supplier_head").post(url(accepted_request, "assign/"), {"assignee": company.stranger.email})
    assert refused.status_code == 400


def test_the_priority_changes_with_a_reason_and_what_was_stated_stays(browser, accepted_request):
    data = {"urgency": "1", "impact": "2", "reason": "The fair is on Monday"}
    assert browser("agent").post(url(accepted_request, "priority/"), data | {"reason": ""}).status_code == 400
    assert browser("agent").post(url(accepted_request, "priority/"), data).status_code == 302

    page = browser("requester").get(url(accepted_request)).content.decode()
    assert fresh(accepted_request).priority == 2
    assert "Stated: Work goes on; One person" in page
    assert "The fair is on Monday" in page


def test_the_requester_edits_while_it_is_new(browser, company, new_request):
    opened = browser("requester").get(url(new_request, "edit/")).content.decode()
    assert 'value="A laptop for the new colleague"' in opened
    data = {"title": "Two laptops", "description": "One each", "version": new_request.version}
    assert browser("requester").post(url(new_request, "edit/"), data).status_code == 302
    assert (fresh(new_request).title, fresh(new_request).description) == ("Two laptops", "One each")

    stale = browser("requester").post(url(new_request, "edit/"), data | {"title": "Three"})
    assert (stale.status_code, b"Three" in stale.content) == (412, True)
    accept(company, new_request)
    assert browser("requester").get(url(new_request, "edit/")).status_code == 403


def test_a_handoff_is_offered_given_back_offered_again_and_taken_over(browser, company, accepted_request):
    opened = browser("assigned").get(url(accepted_request, "handoff/")).content.decode()
    assert '<option value="facilities">Facilities</option>' in opened
    assert '<option value="it">' not in opened
    offer = {"to": "facilities", "reason": "It is a badge"}
    assert browser("assigned").post(url(accepted_request, "handoff/"), offer).status_code == 302
    handoff = Handoff.objects.get()
    assert b"Theirs" not in browser("other_agent").get(f"/handoffs/{handoff.pk}/decline/").content

    wordless = browser("other_agent").post(f"/handoffs/{handoff.pk}/decline/", {"reason": ""})
    assert (wordless.status_code, b"Give this back" in wordless.content) == (400, True)
    given_back = browser("other_agent").post(f"/handoffs/{handoff.pk}/decline/", {"reason": "Not a badge"})
    assert (given_back.status_code, given_back["Location"]) == (302, "/")

    browser("assigned").post(url(accepted_request, "handoff/"), offer)
    again = Handoff.objects.get(state="offered")
    taken = browser("other_agent").post(f"/handoffs/{again.pk}/accept/")
    assert (taken.status_code, taken["Location"]) == (302, url(accepted_request))
    assert fresh(accepted_request).supplier == company.facilities


def test_the_sender_takes_an_offer_back(browser, company, accepted_request):
    offer = offer_handoff(by=company.assigned, service_request=accepted_request, to=company.facilities, reason="Theirs")
    assert b"Take the offer back" in browser("assigned").get(f"/handoffs/{offer.pk}/withdraw/").content
    assert browser("assigned").post(f"/handoffs/{offer.pk}/withdraw/").status_code == 302
    assert Handoff.objects.get().state == "withdrawn"


def test_an_offer_is_answered_by_those_it_was_made_to(browser, company, accepted_request):
    offer = offer_handoff(by=company.assigned, service_request=accepted_request, to=company.facilities, reason="Theirs")
    for who, answer, status in [
        ("requester", "accept", 403), ("assigned", "decline", 403), ("other_agent", "withdraw", 403),
        ("stranger", "accept", 404), ("other_agent", "explode", 404),
    ]:  # fmt: skip
        assert browser(who).get(f"/handoffs/{offer.pk}/{answer}/").status_code == status
        data = {"reason": "Not ours"}
        assert browser(who).post(f"/handoffs/{offer.pk}/{answer}/", data).status_code == status
    assert browser("requester").get("/handoffs/999999/accept/").status_code == 404


def test_an_offer_that_was_answered_in_between_leads_home_with_a_word(browser, company, accepted_request):
    offer = offer_handoff(by=company.assigned, service_request=accepted_request, to=company.facilities, reason="Theirs")
    decline_handoff(by=company.other_head, handoff=offer, reason="Not ours")
    client = browser("other_agent")

    late = client.post(f"/handoffs/{offer.pk}/accept/", follow=True)
    assert late.redirect_chain == [("/", 302)]
    assert b"This offer has been answered already." in late.content
    live = client.post(f"/handoffs/{offer.pk}/accept/", **HTMX)
    assert (live.status_code, live["HX-Redirect"]) == (200, "/")


def test_a_watcher_leaves_by_the_button_on_top(browser, company, new_request):
    add_watcher(by=company.requester, service_request=new_request, person=company.watcher)
    assert b"Watching" in browser("watcher").get(url(new_request)).content
    response = browser("watcher").post(url(new_request, "watchers/remove/"), {"email": company.watcher.email})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_a_person_of_both_sides_sees_the_steps_of_both(browser, as_browser, company):
    set_hats(by=company.admin, person=company.agent, department=company.sales, roles={"member"}, home=False)
    row = deliver(company, file_laptop(company))
    page = as_browser(company.agent).get(url(row)).content.decode()
    assert "Internal note" in page


def test_changing_anything_by_a_link_is_refused(browser, new_request):
    assert browser("requester").get(url(new_request, "watchers/")).status_code == 405
    assert browser("requester").put(url(new_request, "moves/cancel/")).status_code == 405
    assert browser("requester").post(url(new_request)).status_code == 405


def test_a_forged_form_is_refused(as_browser, company, new_request):
    client = as_browser(company.requester, enforce_csrf_checks=True)
    assert client.post(url(new_request, "moves/cancel/")).status_code == 403
    assert fresh(new_request).status == "new"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_fifteen_queries(company, as_browser, django_assert_num_queries, rows):
    row = accept(company, file_laptop(company))
    for number in range(rows):
        post_message(by=company.assigned, service_request=row, body=f"{number}")
        move_request(by=company.assigned, service_request=row, action="hold", words=Words(hold_reason="part"))
        move_request(by=company.assigned, service_request=row, action="resume")
    client = as_browser(company.assigned)
    client.get(url(row))
    with django_assert_num_queries(15):
        client.get(url(row))
