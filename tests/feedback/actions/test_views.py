"""Corrective actions over pages, without script: the list, starting one, the steps; and where else they stand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from feedback.actions.causes import propose_cause
from feedback.actions.deciding import refuse_cause
from feedback.actions.models import Cause, CorrectiveAction
from requests_app.desk.services.moves import Words as MoveWords
from requests_app.desk.services.moves import move_request
from tests.factories.actions import brought_to, cause_of, opened, take

pytestmark = pytest.mark.django_db
LIST, NEW = "/feedback/actions/", "/feedback/actions/new/"


@pytest.fixture
def head(company, as_browser):
    return as_browser(company.supplier_head)


def page_of(action: CorrectiveAction) -> str:
    return f"{LIST}{action.pk}/"


def test_it_is_started_from_the_request_it_is_about(company, head, delivered_request):
    link = f"{NEW}{delivered_request.number}/"
    assert link in head.get(f"/requests/{delivered_request.number}/").content.decode()
    assert delivered_request.title in head.get(link).content.decode()

    answer = head.post(link, {"title": "It came late", "problem": "Twice."})

    action = CorrectiveAction.objects.get()
    assert answer["Location"] == page_of(action)
    assert (action.source_id, action.customer, action.problem) == (delivered_request.pk, company.sales, "Twice.")
    assert page_of(action) in head.get(f"/requests/{delivered_request.number}/").content.decode()


def test_of_a_delivery_that_was_sent_back_it_says_so(company, head, delivered_request):
    words = {"agreed": "By Monday", "received": "On Friday", "remedy": "A spare one"}
    move_request(by=company.requester, service_request=delivered_request, action="reject", words=MoveWords(**words))
    head.post(f"{NEW}{delivered_request.number}/", {"title": "It came late"})
    assert CorrectiveAction.objects.get().source_kind == "rejection"


def test_the_title_of_a_confidential_request_is_not_proposed(head, delivered_request):
    type(delivered_request).objects.update(privacy="confidential")
    page = head.get(f"{NEW}{delivered_request.number}/").content.decode()
    assert delivered_request.title not in page


def test_about_anything_else_the_head_names_both_sides(company, head):
    typed = {"title": "Laptops come late", "supplier": "it", "service": "laptop", "customer": "sales"}
    assert head.post(NEW, typed).status_code == 302
    assert CorrectiveAction.objects.get().customer == company.sales


def test_what_was_typed_stays_when_it_is_refused(head):
    answer = head.post(NEW, {"title": "Kept words", "supplier": "it", "customer": "it"})
    assert answer.status_code == 400
    assert "Kept words" in answer.content.decode()
    assert "Nobody confirms their own work" in answer.content.decode()


def test_who_leads_nothing_starts_nothing(company, as_browser, new_request):
    assert as_browser(company.agent).get(NEW).status_code == 403
    assert as_browser(company.customer_head).get(f"{NEW}{new_request.number}/").status_code == 403
    assert as_browser(company.stranger).get(f"{NEW}{new_request.number}/").status_code == 404


def test_the_steps_are_taken_on_its_page(company, head, as_browser):
    action, cause = opened(company), cause_of()
    at = page_of(action)
    due_on = timezone.localdate() + timedelta(days=5)
    for name, words in {
        "contain": {"note": "A spare one"},
        "analyse": {"why_1": "Nobody saw it", "why_2": "No list", "cause": str(cause.pk)},
        "plan": {"note": "One list", "owner": str(company.assigned.pk), "due_on": due_on.isoformat()},
        "finish": {"note": "It is in use"},
    }.items():
        assert head.post(f"{at}{name}/", words)["Location"] == at, name
    customer = as_browser(company.customer_head)
    assert "Confirm that it worked" in customer.get(at).content.decode()
    assert customer.post(f"{at}verify/", {"check_days": "30"}).status_code == 302
    action.refresh_from_db()
    assert (action.state, action.whys, action.owner) == ("verified", ["Nobody saw it", "No list"], company.assigned)


def test_a_refused_step_keeps_its_words_beside_the_field(company, head):
    action = brought_to(company, "contained")
    answer = head.post(f"{page_of(action)}analyse/", {"why_1": "Nobody saw it", "cause": "999"})
    assert answer.status_code == 400
    assert "Nobody saw it" in answer.content.decode()


def test_a_step_that_somebody_else_took_before_is_told_and_nothing_is_lost(company, head):
    action = opened(company)
    take(company, action, "contain")
    answer = head.post(f"{page_of(action)}contain/", {"note": "My long words", "version": "1"})
    assert answer.status_code == 400
    assert "My long words" in answer.content.decode()
    assert "Somebody took a step here" in answer.content.decode()


def test_who_may_not_take_it_is_told_who_could(company, as_browser):
    action = brought_to(company, "done")
    answer = as_browser(company.agent).post(f"{page_of(action)}verify/", {"check_days": "30"})
    assert answer.status_code == 403
    assert "the head of the asking department" in answer.content.decode()


def test_who_asked_reads_a_summary(company, as_browser, new_request):
    action = brought_to(company, "planned", new_request, problem="Inner words")
    page = as_browser(company.requester).get(page_of(action)).content.decode()
    assert "You read a summary" in page
    assert "Inner words" not in page
    assert "One list for both departments" not in page


def test_what_waits_stands_on_the_desk_and_on_both_dashboards(company, as_browser, head):
    action = brought_to(company, "done")
    customer = as_browser(company.customer_head)
    assert page_of(action) in customer.get("/").content.decode()
    assert page_of(action) not in head.get("/").content.decode()
    assert page_of(action) in head.get("/departments/it/as-supplier/").content.decode()
    assert page_of(action) in customer.get("/departments/sales/as-customer/").content.decode()
    assert page_of(action) not in as_browser(company.executive).get("/departments/sales/as-supplier/").content.decode()


def test_both_sides_of_the_list_and_what_has_ended(company, head):
    take(company, opened(company, title="Over and done"), "cancel")
    opened(company)
    assert "Over and done" not in head.get(LIST, {"side": "supplier"}).content.decode()
    assert "Over and done" in head.get(LIST, {"side": "supplier", "ended": "yes"}).content.decode()
    assert "Laptops come late" not in head.get(LIST, {"side": "customer"}).content.decode()
    assert head.get(LIST, {"side": "sideways"}).status_code == 200
    assert head.get(LIST, {"department": "nowhere"}).status_code == 404
    assert head.get(LIST, {"cursor": "x"}).status_code == 400


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_for_one_and_for_three(company, head, rows, django_assert_max_num_queries):
    for n in range(rows):
        action = brought_to(company, "planned", title=f"Laptops come late {n}")
    for address, most in ((LIST, 9), (page_of(action), 15)):
        head.get(address)
        with django_assert_max_num_queries(most):
            head.get(address)


def test_causes_are_added_renamed_and_closed_in_the_settings(company, as_browser):
    admin = as_browser(company.admin)
    assert admin.post("/settings/causes/", {"name": "Means"}).status_code == 302
    cause = Cause.objects.get()
    assert admin.post("/settings/causes/", {"name": "Tool", "parent": str(cause.pk)}).status_code == 302
    assert admin.post(f"/settings/causes/{cause.pk}/", {"name": "Gear"}).status_code == 302
    cause.refresh_from_db()
    assert (cause.name, cause.is_active) == ("Gear", False)
    assert "Gear" in admin.get("/settings/history/").content.decode()
    assert admin.post("/settings/causes/", {"name": "Gear"}).status_code == 400
    assert as_browser(company.requester).get("/settings/causes/").status_code == 403
    assert as_browser(company.supplier_head).post(f"/settings/causes/{cause.pk}/", {"name": "Mine"}).status_code == 403
    assert admin.get("/settings/causes/999/").status_code == 404


def test_a_missing_cause_is_proposed_where_one_is_picked_and_decided_in_the_settings(company, as_browser):
    action, means = brought_to(company, "contained"), cause_of("Means")
    agent, admin = as_browser(company.agent), as_browser(company.admin)
    typed = {"why_1": "The image was old.", "proposed_cause": "Image is old"}
    refused = agent.post(f"{page_of(action)}analyse/", typed)
    assert (refused.status_code, "The image was old." in refused.content.decode()) == (400, True)
    assert list(refused.context["steps"][0].errors) == ["proposed_below"]
    assert agent.post(f"{page_of(action)}analyse/", typed | {"proposed_below": str(means.pk)}).status_code == 302
    assert "Means › Image is old (proposed)" in agent.get(page_of(action)).content.decode()
    cause = Cause.objects.get(name="Image is old")
    there = f"/settings/causes/{cause.pk}/"
    assert "Image is old" in admin.get("/").content.decode()
    assert agent.get(there).context["forms"] == {}
    assert agent.post(f"{there}accept/", {"name": "Mine"}).status_code == 403
    assert admin.post(f"{there}dream/").status_code == 404
    assert admin.post(f"{there}refuse/", {"reason": ""}).status_code == 400
    assert admin.post(f"{there}refuse/", {"reason": "It is too narrow."}).status_code == 302
    assert "It is too narrow." in agent.get("/settings/causes/").content.decode()
    again = admin.post(f"{there}accept/", {"name": "Image"})
    assert (again.status_code, "decided on this proposal already" in again.content.decode()) == (400, True)


def test_agents_propose_causes_and_administrators_take_or_merge_them(company, as_browser):
    agent, admin = as_browser(company.agent), as_browser(company.admin)
    for name in ("Weather", "Rain"):
        assert agent.post("/settings/causes/", {"name": name}).status_code == 302
    weather, rain = (Cause.objects.get(name=name) for name in ("Weather", "Rain"))
    assert admin.post(f"/settings/causes/{weather.pk}/accept/", {"name": "The weather"}).status_code == 302
    assert admin.post(f"/settings/causes/{rain.pk}/merge/", {"into": str(rain.pk)}).status_code == 400
    assert admin.post(f"/settings/causes/{rain.pk}/merge/", {"into": str(weather.pk)}).status_code == 302
    assert [twig.path for twig in agent.get("/settings/causes/").context["decided"]] == ["Rain", "The weather"]
    assert "The same as" in agent.get(f"/settings/causes/{rain.pk}/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_causes_costs_the_same_for_one_and_for_three(
    company, as_browser, rows, django_assert_max_num_queries
):
    admin = as_browser(company.admin)
    for name in "abc"[:rows]:
        refuse_cause(by=company.admin, cause=propose_cause(by=company.agent, name=f"{name}2"), reason="No.")
        propose_cause(by=company.agent, name=name, parent=cause_of("Means"))
    admin.get("/settings/causes/")
    with django_assert_max_num_queries(10):
        admin.get("/settings/causes/")
