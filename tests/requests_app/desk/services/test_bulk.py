"""Several requests given to one agent: each by itself."""

from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.bulk import assign_many
from tests.factories import accept, close, file_laptop


def test_each_is_done_or_refused_by_itself(company):
    fresh, taken = file_laptop(company), accept(company, file_laptop(company))
    outcome = assign_many(by=company.agent, request_ids=[fresh.pk, taken.pk], assignee=company.agent)

    assert outcome.done == (fresh.number,)
    assert outcome.refused == {taken.number: "This step is not yours to take."}
    assert ServiceRequest.objects.get(pk=fresh.pk).assignee == company.agent
    assert ServiceRequest.objects.get(pk=taken.pk).assignee == company.assigned


def test_what_ended_is_left_as_it_is(company):
    ended = close(company, file_laptop(company))
    outcome = assign_many(by=company.supplier_head, request_ids=[ended.pk], assignee=company.agent)
    assert outcome.refused == {ended.number: "This request has ended; nobody needs to work on it."}


def test_what_is_not_seen_is_passed_over_like_what_is_not_there(company):
    row = file_laptop(company)
    outcome = assign_many(by=company.other_agent, request_ids=[row.pk, row.pk + 1], assignee=company.other_agent)
    assert (outcome.done, outcome.refused) == ((), {})
