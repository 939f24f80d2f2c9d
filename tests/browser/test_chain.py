"""From self-knowledge to the declared and observed map, as people do it; and the pages for eyes, keyboards, phones."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from feedback.surveys.models import Campaign
from requests_app.events.services import deliver
from requests_app.org.models import Department
from requests_app.org.services import save_department
from tests.browser.screens import WIDE
from tests.factories.chain import IT_ANSWER, answer, both, declared, self_knowledge
from tests.factories.facts import count, fact

pytestmark = pytest.mark.django_db(transaction=True)

CUT_OFF = "() => [...document.querySelectorAll('.dk-scroll')].filter(e => e.scrollWidth > e.clientWidth).map(e => e.ariaLabel)"


def asked(company) -> None:
    """Facilities asks IT often and is not named; Sales asks IT now and then."""
    day = timezone.localdate() - timedelta(days=5)
    pairs = [company.sales.pk] * 8 + [company.facilities.pk] * 12
    count(fact(n, day, customer=customer, supplier=company.it.pk) for n, customer in enumerate(pairs, 1))


@pytest.mark.parametrize("page", [{"width": 360, "script": False}], indirect=True, ids=["phone, no script"])
def test_self_knowledge_becomes_the_declared_and_observed_map(page, company, sign_in):
    asked(company)
    campaign = self_knowledge(company)
    answer(campaign, company.supplier_head, **IT_ANSWER)
    sign_in(page, company.customer_head.email).goto(f"/feedback/surveys/campaigns/{campaign.pk}/answer/")
    page.get_by_label("What is the main work of our department?").fill("We sell")
    suppliers = page.get_by_role("group", name="Which departments are our suppliers?")
    suppliers.get_by_role("checkbox", name="IT Services").check()
    page.get_by_label("What do we require of it").fill("IT Services: within 2 days")
    page.get_by_label("What do we pass on to customers outside").fill("Offers")
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_text("Thank you. Your answer is in.").first).to_be_visible()
    assert Campaign.objects.get().answers.count() == 2
    deliver("feedback.chain")
    page.goto("/relations/it/sales/")
    told = page.get_by_role("region", name="What both sides say")
    expect(told).to_contain_text("within 2 days")
    expect(told).to_contain_text("within 5 days")
    page.goto("/company/chain/")
    expect(page.get_by_text("Facilities filed 12 of 20 requests with IT Services")).to_be_visible()
    expect(page.get_by_text("IT Services and Sales describe differently")).to_be_visible()
    expect(page.get_by_role("img", name="Departments from the first supplier")).to_be_visible()
    table = page.get_by_role("region", name="Who supplies whom")
    expect(table.get_by_role("row", name="Customers outside the company")).to_have_count(1)


@pytest.mark.parametrize(("width", "scheme"), WIDE)
def test_pages_of_the_chain_are_accessible_and_fit(width, scheme, open_page, sign_in, company, axe, fits, shoot):
    for name in ("Marketing", "Customer Care", "Production", "Quality", "Logistics", "Purchasing"):
        save_department(by=company.admin, slug=name.lower().replace(" ", "-"), name=name)
    both(company)
    declared(company, demands="within a day", troubles="New colleagues wait for theirs")
    declared(company, other=company.facilities, products="Desks and rooms")
    declared(company, other=None, side="customer", products="Offers")
    others = {row.slug: row for row in Department.objects.all()}
    it = {"by": company.supplier_head, "department": company.it, "demands": ""}
    for slug in ("production", "quality", "marketing"):
        declared(company, **it, side="customer", other=others[slug])
    declared(company, **it, other=others["purchasing"])
    declared(company, other=others["logistics"])
    declared(company, by=company.other_head, department=company.facilities, other=others["purchasing"])
    asked(company)
    page = open_page(width=width, scheme=scheme)
    company.customer_head.language = "ru"
    company.customer_head.save(update_fields=["language"])
    sign_in(page, company.customer_head.email)
    for name, address in [
        ("map", "/company/chain/"),
        ("one", "/company/chain/?department=sales"),
        ("department", "/departments/sales/chain/"),
        ("declare", "/departments/sales/chain/declare/?side=supplier&other=it"),
        ("pair", "/relations/it/sales/"),
    ]:
        page.goto(address)
        axe(page)
        fits(page)
        if width == 1440:
            assert page.evaluate(CUT_OFF) == [], f"tables of {name} are wider than a wide screen"
        shoot(page, f"chain-{name}-{width}-{scheme}")
