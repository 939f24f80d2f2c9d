"""What the combined pages read."""

from servicedesk.pages.selectors import NOTHING, catalogue_page, customer_of, found_by, home_page
from tests.factories import make_person


def test_everybody_asks_for_their_home_else_for_any_department_of_theirs_else_for_none(company):
    assert customer_of(company.requester) == company.sales.pk
    drifter = make_person("Dora Drifter", company.it)
    drifter.memberships.update(home=False)
    assert customer_of(drifter) == company.it.pk
    assert customer_of(company.admin) is None


def test_the_queue_offered_is_one_of_theirs(company):
    assert home_page(company.agent).queue == company.it
    assert home_page(company.requester).queue is None


def test_nothing_typed_finds_nothing(company, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert found_by(company.requester, "  ") is NOTHING
    assert NOTHING.is_empty


def test_a_narrowed_catalogue_is_not_about_habits(company):
    page = catalogue_page(company.requester, q="", need="", department="it")
    assert (page.used, [department.slug for department, _offers in page.groups], page.count) == ([], ["it"], 1)
    searched = catalogue_page(company.requester, q="badge", need="", department="")
    assert ([offer.service.slug for offer in searched.found], searched.groups) == (["badge"], [])
