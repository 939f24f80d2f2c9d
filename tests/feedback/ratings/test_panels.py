"""What ratings add to my desk and to the request page: a block where there is something, nothing elsewhere."""

import pytest

from tests.factories import close, file_laptop

BUTTON = 'name="overall" value="4"'


@pytest.mark.parametrize("rows", [1, 3])
def test_my_desk_lists_what_waits_to_be_rated_with_five_buttons_each(company, as_browser, work_through, rows):
    filed = [close(company, file_laptop(company)) for _ in range(rows)]
    work_through()

    shown = as_browser(company.requester).get("/").content.decode()

    assert shown.count(BUTTON) == rows
    assert all(f'action="/requests/{row.number}/rate/"' in shown for row in filed)
    assert "Rate IT Services." in shown
    assert BUTTON not in as_browser(company.colleague).get("/").content.decode()


def test_the_request_page_asks_the_requester_and_shows_the_team_what_was_shared(
    company, as_browser, delivered_request, rate
):
    address = f"/requests/{delivered_request.number}/"
    assert "How was the work of IT Services?" in as_browser(company.requester).get(address).content.decode()
    assert 'id="rating"' not in as_browser(company.agent).get(address).content.decode()

    rate(delivered_request, 2, comment="Slow.")
    assert "You gave <b>2 of 5</b>." in as_browser(company.requester).get(address).content.decode()
    assert "Slow." not in as_browser(company.agent).get(address).content.decode()

    rate(delivered_request, 2, comment="Slow.", share_with_team=True)
    assert "Rita Requester gave <b>2 of 5</b>." in as_browser(company.agent).get(address).content.decode()
    assert "Slow." in as_browser(company.agent).get(address).content.decode()


def test_a_request_that_was_never_delivered_has_no_rating_on_it(company, as_browser, accepted_request):
    shown = as_browser(company.requester).get(f"/requests/{accepted_request.number}/").content.decode()

    assert 'id="rating"' not in shown
