"""Search finds by number, title, description and what was said, in three scripts, and never what may not be read."""

import pytest

from requests_app.catalogue.states import Privacy
from requests_app.desk.models import ServiceRequest
from requests_app.desk.selectors.search import matching, newest_matches, readable_messages
from requests_app.desk.services.conversation import post_message
from requests_app.desk.services.filing import Filing, file_request
from tests.factories import file_laptop


def found(person, typed, most=10):
    return [row.title for row in newest_matches(person, typed, most=most)]


@pytest.fixture
def texts(company):
    for title, description in [
        ("Scanners lose the network", "Since Monday the forklifts drop out"),
        ("Не открывается карта клиента", "Ошибка при входе"),
        ("扫码枪无法连接网络", "仓库"),
        ("Badge", ""),
    ]:
        file_laptop(company, title=title, description=description)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("scanner", "Scanners lose the network"),
        ("FORKLIFT", "Scanners lose the network"),
        ("карты", "Не открывается карта клиента"),
        ("ошибки", "Не открывается карта клиента"),
        ("网络", "扫码枪无法连接网络"),
        ("仓", "扫码枪无法连接网络"),
    ],
)
def test_words_are_found_in_their_other_forms(company, texts, typed, title):
    assert found(company.requester, typed) == [title]
    rows = matching(ServiceRequest.objects.visible_to(company.requester), company.requester, typed)
    assert [row.title for row in rows] == [title]


@pytest.mark.parametrize("typed", ["nowhere", "network -scanners", "' OR 1=1 --", "((", "\\", "a:b & !c", "%"])
def test_what_is_not_there_is_not_found(company, texts, typed):
    assert found(company.requester, typed) == []


def test_a_number_comes_first(company):
    first, second = file_laptop(company, title="One"), file_laptop(company, title="About SR-000001 and 17")
    assert found(company.requester, str(first.pk))[0] == "One"
    assert found(company.requester, second.number)[0] == "About SR-000001 and 17"
    assert list(matching(ServiceRequest.objects.all(), company.agent, first.number)) == [first]


def test_what_was_said_is_searched_too_and_the_newest_come_first(company):
    old, new = file_laptop(company, title="Old"), file_laptop(company, title="New, with a hinge")
    post_message(by=company.agent, service_request=old, body="The hinge is on its way")

    assert found(company.requester, "hinge") == [new.title, old.title]
    assert found(company.requester, "hinge", most=1) == [new.title]


def test_strangers_find_nothing(company, texts):
    assert found(company.stranger, "network") == []


def test_notes_are_searched_by_the_supplier_only(company, new_request):
    post_message(by=company.agent, service_request=new_request, body="The margin is thin", internal=True)

    for person, seen in [
        (company.agent, 1), (company.supplier_head, 1), (company.auditor, 1), (company.requester, 0),
        (company.customer_head, 0), (company.other_agent, 0),
    ]:  # fmt: skip
        assert len(newest_matches(person, "margin", most=5)) == seen


def test_an_administrator_who_asked_does_not_read_the_notes_on_it(company):
    row = file_laptop(company)
    ServiceRequest.objects.filter(pk=row.pk).update(requester=company.admin)
    post_message(by=company.agent, service_request=row, body="The margin is thin", internal=True)
    assert list(readable_messages(company.admin)) == []


def test_notes_on_confidential_requests_are_for_the_head_and_the_assigned(company):
    company.laptop.privacy = Privacy.CONFIDENTIAL
    row = file_request(
        by=company.requester, service=company.laptop, filing=Filing("Case", answers={"model": "13 inch"})
    )
    post_message(by=company.supplier_head, service_request=row, body="The margin is thin", internal=True)
    ServiceRequest.objects.filter(pk=row.pk).update(assignee=company.assigned)

    counts = [len(newest_matches(person, "margin", most=5)) for person in
              (company.supplier_head, company.assigned, company.agent, company.auditor)]  # fmt: skip
    assert counts == [1, 1, 0, 0]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_search_takes_three_queries(company, django_assert_num_queries, rows):
    for _row in range(rows):
        file_laptop(company, title="A hinge")
    newest_matches(company.agent, "hinge", most=5)
    with django_assert_num_queries(3):
        names = {row.supplier.name for row in newest_matches(company.agent, "hinge", most=5)}
    assert names == {"IT Services"}
