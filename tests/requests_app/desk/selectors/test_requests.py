"""One request, handoff or file, for somebody who may see it; 404 for everybody else."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from requests_app.desk.selectors.requests import get_attachment, get_handoff, get_service_request
from requests_app.desk.services.conversation import attach
from requests_app.desk.services.handoffs import decline_handoff, offer_handoff


@pytest.mark.parametrize("typed", ["{number}", "{pk}", " sr-{pk} "])
def test_a_request_is_found_by_its_number(company, new_request, typed):
    number = typed.format(number=new_request.number, pk=new_request.pk)
    assert get_service_request(person=company.requester, number=number) == new_request


def test_it_comes_with_the_rows_it_points_at(company, new_request, django_assert_num_queries):
    found = get_service_request(person=company.requester, number=new_request.number)
    with django_assert_num_queries(0):
        names = [found.customer.name, found.supplier.name, found.service.name, found.requester.name, found.form.number]
    assert names == ["Sales", "IT Services", "Laptop", "Rita Requester", 1]


@pytest.mark.parametrize("number", ["SR-999999", "", "SR-", "SR-1x", "٣", "9" * 40])
def test_there_is_no_such_request(company, new_request, number):
    with pytest.raises(Http404):
        get_service_request(person=company.requester, number=number)


def test_a_stranger_does_not_find_it(company, new_request):
    with pytest.raises(Http404):
        get_service_request(person=company.stranger, number=new_request.number)


def test_a_handoff_is_found_by_both_sides_even_after_it_was_answered(company, accepted_request):
    offer = offer_handoff(by=company.assigned, service_request=accepted_request, to=company.facilities, reason="Theirs")
    decline_handoff(by=company.other_head, handoff=offer, reason="Not ours")

    for person in (company.requester, company.assigned, company.other_agent):
        assert get_handoff(person=person, pk=offer.pk) == offer
    for person, pk in ((company.stranger, offer.pk), (company.requester, offer.pk + 1)):
        with pytest.raises(Http404):
            get_handoff(person=person, pk=pk)


def test_a_file_is_for_those_who_see_the_request_and_an_internal_one_for_the_supplier(company, new_request):
    def file(internal):
        upload = SimpleUploadedFile("plan.pdf", b"%PDF-1.4")
        return attach(by=company.agent, service_request=new_request, files=[upload], internal=internal)[0]

    public, internal = file(False), file(True)
    assert get_attachment(person=company.requester, pk=public.pk) == public
    assert get_attachment(person=company.supplier_head, pk=internal.pk) == internal
    for person, row in ((company.requester, internal), (company.stranger, public), (company.stranger, internal)):
        with pytest.raises(Http404):
            get_attachment(person=person, pk=row.pk)
