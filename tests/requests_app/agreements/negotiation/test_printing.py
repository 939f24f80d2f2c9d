"""The signed text on paper: what both signed, who signed it, and nothing that is not signed."""

import pytest
from django.utils import timezone, translation

from requests_app.agreements.negotiation.printing import content_of
from requests_app.agreements.states import Days, Escalation
from requests_app.kernel.formats import day
from tests.factories.agreements import TERMS, drafted, proposed, signed

pytestmark = pytest.mark.django_db
WHOLE = TERMS.changed(
    targets={"response": {1: 900}, "resolution": {3: 9000, 4: Days(2)}}, price="rate card A",
    escalations=(Escalation(50, "resolution", "inform_head"),),
)  # fmt: skip


def test_the_paper_says_what_the_page_says_and_who_signed_it(company):
    agreement = signed(company, WHOLE)
    found = content_of(agreement)

    assert (found["title"], found["lead"]) == ("IT Services for Sales", "Agreement · Version 1 · In force")
    *rows, in_force = found["terms"]["rows"]
    assert in_force == ["In force from", day(timezone.localtime(agreement.valid_from).date())]
    assert rows == [
        ["First response, Critical", "15\u00a0min"],
        ["Resolution, Medium", "2\u00a0h\u00a030\u00a0min"],
        ["Resolution, Low", "2 working days"],
        ["When the clock stands still", "Waiting for the customer"],
        ["Accepted without an answer after", "5 working days"],
        ["Can be reopened for", "14\u00a0days"],
        ["When it is reopened", "The clock runs on from where it stopped"],
        ["At 50 % of the time for: Resolution", "Tell the head of the supplier"],
        ["Quality standard", "It works on the first day."],
        ["Price", "rate card A"],
    ]
    seats = [(seat["side"], seat["department"], seat["person"]) for seat in found["signatures"]["seats"]]
    assert seats == [
        ("Supplier", "IT Services", company.supplier_head.name), ("Customer", "Sales", company.customer_head.name),
    ]  # fmt: skip
    assert {found["digest"]["value"]} == set(agreement.signatures.values_list("digest", flat=True))


def test_it_is_written_in_the_language_of_its_reader(company):
    agreement = signed(company, WHOLE)
    with translation.override("zh-hans"):
        rows = content_of(agreement)["terms"]["rows"]
    assert rows[0] == ["首次响应，紧急", "15\u00a0分钟"]


def test_everybody_reads_the_signed_text_as_a_file(company, as_browser, as_api):
    agreement = signed(company)
    page = as_browser(company.stranger).get(f"/agreements/{agreement.pk}/pdf/")
    answer = as_api(company.stranger).get(f"/api/v1/agreements/{agreement.pk}/pdf/")

    assert [(one.status_code, one["Content-Type"], one.content[:5]) for one in (page, answer)] == [
        (200, "application/pdf", b"%PDF-")
    ] * 2
    assert page["Content-Disposition"] == f'inline; filename="agreement-{agreement.pk}-v1.pdf"'
    linked = as_browser(company.stranger).get(f"/agreements/{agreement.pk}/").content.decode()
    assert f'href="/agreements/{agreement.pk}/pdf/"' in linked


@pytest.mark.parametrize("stage", [drafted, proposed])
def test_what_is_not_signed_is_not_printed(stage, company, as_browser):
    agreement = stage(company)
    client = as_browser(company.supplier_head)
    assert client.get(f"/agreements/{agreement.pk}/pdf/").status_code == 404
    assert "/pdf/" not in client.get(f"/agreements/{agreement.pk}/").content.decode()
