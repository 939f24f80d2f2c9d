"""What the figures add to the pages of the desk: every working minute has one holder, and a service shows how it went."""

from html import unescape

import pytest

from feedback.ratings.models import Rating
from feedback.ratings.selectors import SharedScore
from feedback.ratings.services import give_rating
from feedback.ratings.states import Answer
from metrics.dashboards.panels import on_the_request, on_the_service
from metrics.facts.selectors import Holder, who_held
from metrics.facts.states import Party
from metrics.rollups.services import recount_stale, refresh_figures
from requests_app.desk.services.filing import Filing, file_request
from requests_app.desk.services.handoffs import accept_handoff, offer_handoff
from requests_app.desk.services.moves import Words, move_request
from requests_app.events.services import deliver as deliver_events
from tests.factories import accept, close, deliver, file_laptop, make_person
from tests.metrics.story import FINANCE, HOUR, IT, at, event, filed, offered

HELD = [
    Holder(Party.NOBODY, None, HOUR),
    Holder(Party.DEPARTMENT, IT, 3 * HOUR),
    Holder(Party.CUSTOMER, None, HOUR),
]


def catch_up() -> None:
    deliver_events("facts")
    recount_stale()


@pytest.fixture
def held(log, office):
    """Filed at nine, taken at ten, from eleven to twelve it waited for the customer."""
    log(1, [filed("09:00", calendar=office.pk), event("10:00", "request.accepted"),
            event("11:00", "request.held", reason="customer"), event("12:00", "request.resumed")])  # fmt: skip
    return log


def test_while_work_goes_on_its_holder_has_all_time_up_to_now(held):
    refresh_figures(request_ids=[1])

    found = who_held(1, at("14:00"))
    assert (found.holders, found.lasts) == (HELD, True)


def test_nights_and_weekends_belong_to_nobody(held):
    refresh_figures(request_ids=[1])

    assert who_held(1, at("04-09 09:00")).holders[1].seconds == (1 + 5) * HOUR


def test_after_the_delivery_nothing_is_added(held):
    held(1, [event("14:00", "request.delivered")])
    refresh_figures(request_ids=[1])

    found = who_held(1, at("04-10 12:00"))
    assert (found.holders, found.lasts) == (HELD, False)


def test_each_department_has_its_own_time(held):
    held(1, [offered("13:00", FINANCE), event("13:30", "handoff.accepted", FINANCE, handoff=1)])
    refresh_figures(request_ids=[1])

    found = {(one.party, one.department_id): one.seconds for one in who_held(1, at("15:00")).holders}
    assert found[Party.DEPARTMENT, IT] + found[Party.DEPARTMENT, FINANCE] == 4 * HOUR
    assert sum(found.values()) == 6 * HOUR


def test_before_the_first_count_there_is_nothing_to_show(company, new_request):
    assert who_held(new_request.pk, new_request.created_at) is None
    assert on_the_request(person=company.requester, service_request=new_request) is None


def test_the_page_names_every_holder_and_the_sum(company, accepted_request, as_browser):
    move_request(
        by=company.assigned, service_request=accepted_request, action="hold", words=Words(hold_reason="third_party")
    )
    catch_up()

    page = unescape(as_browser(company.requester).get(f"/requests/{accepted_request.number}/").content.decode())
    part = page.split("Who held it")[1].split("</section>")[0]
    assert [
        name for name in ("Nobody yet", "IT Services", "Outside party", "Working time since filing") if name not in part
    ] == []


def test_another_department_that_had_it_is_named_and_told_apart(company, new_request):
    handoff = offer_handoff(
        by=company.supplier_head, service_request=accept(company, new_request), to=company.facilities, reason="Yours"
    )
    accept_handoff(by=company.other_agent, handoff=handoff)
    catch_up()
    new_request.refresh_from_db()

    parts = on_the_request(person=company.requester, service_request=new_request).content.parts
    assert {(part.kind, str(part.name)) for part in parts} >= {("other", "IT Services"), ("us", "Facilities")}


def test_a_service_shows_how_it_went_in_ninety_days(company):
    for _time in range(3):
        close(company, file_laptop(company))
    catch_up()

    shown = on_the_service(person=company.requester, service=company.laptop).content
    assert (shown.days, shown.asked) == (90, 3)
    assert [(figure.key, figure.n) for figure in shown.figures] == [
        ("first_response_time", 3), ("resolution_time", 3), ("resolution_kept", 3), ("accepted_first_time", 3),
        ("rating_response_rate", 0),
    ]  # fmt: skip
    assert shown.shared == SharedScore(0, None)


def test_of_a_service_only_shared_answers_of_five_people_are_told(company):
    def said(score: int, *, shared: bool = True) -> None:
        by = make_person(f"Rater {Rating.objects.count()}", company.sales)
        filing = Filing(title="A laptop", answers={"model": "13 inch"})
        row = deliver(company, accept(company, file_request(by=by, service=company.laptop, filing=filing)))
        give_rating(by=by, service_request=row, answer=Answer(score, share_with_team=shared))

    for score in (1, 2, 3, 4):
        said(score)
    said(1, shared=False)
    assert on_the_service(person=company.requester, service=company.laptop).content.shared == SharedScore(4, None)
    said(5)
    assert on_the_service(person=company.requester, service=company.laptop).content.shared == SharedScore(5, 3.0)


def test_too_few_are_not_made_a_share(company, as_browser):
    close(company, file_laptop(company))
    catch_up()

    page = unescape(as_browser(company.requester).get("/services/laptop/").content.decode())
    part = page.split("How it has gone")[1].split("</section>")[0]
    assert part.count("too few to say, n 1") == 4
    assert "100" not in part


def test_a_service_nobody_asked_for_says_so(company, as_browser):
    page = as_browser(company.requester).get("/services/badge/").content.decode()
    assert "Nobody asked for it in this time." in page
