"""Joint groups, over pages and over the API."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from feedback.groups.models import GroupTask, JointGroup, Meeting
from feedback.groups.services import take_step
from tests.factories.groups import GOOD, asked, at_work, founded, meets, met, seat_of, tasked

pytestmark = pytest.mark.django_db
LIST, NEW, API = "/feedback/groups/", "/feedback/groups/new/", "/api/v1/groups/"


def page_of(group: JointGroup) -> str:
    return f"{LIST}{group.pk}/"


def typed(**more):
    today = timezone.localdate()
    return {
        "name": "One sign-in", "goal": "No second password", "department": "it", "others": ["sales"],
        "starts_on": today, "ends_on": today + timedelta(days=60), "every_weeks": "2", "key": uuid.uuid4().hex,
    } | more  # fmt: skip


def test_a_group_goes_from_its_founding_to_its_result(company, as_browser):
    head, requester = as_browser(company.supplier_head), as_browser(company.requester)
    words = typed()
    made = [head.post(NEW, words)["Location"] for _twice in range(2)]
    group = JointGroup.objects.get()
    assert made == [page_of(group)] * 2
    seat = company.requester.memberships.get().pk
    assert head.post(f"{page_of(group)}members/", {"seat": seat}).status_code == 302
    assert head.post(f"{page_of(group)}departments/", {"department": "facilities"}).status_code == 302
    assert head.post(f"{page_of(group)}steps/begin/", {"version": "1"}).status_code == 302
    task = {"text": "List all", "owner": seat_of(group, company.requester).pk, "due_on": timezone.localdate()}
    task["key"] = uuid.uuid4().hex
    assert [requester.post(f"{page_of(group)}tasks/", task).status_code for _twice in range(2)] == [302, 302]
    row = GroupTask.objects.get()
    assert "List all" in requester.get("/").content.decode()
    assert requester.post(f"{LIST}tasks/{row.pk}/doing/")["Location"] == page_of(group)
    planned = {"starts_at": f"{timezone.localdate() + timedelta(days=1)}T10:00", "minutes": "45", "place": "Room 2"}
    assert head.post(f"{page_of(group)}meetings/", planned).status_code == 302
    meeting = Meeting.objects.get()
    address = f"{LIST}meetings/{meeting.pk}/"
    entry = requester.get(f"{address}meeting.ics")
    assert ("LOCATION:Room 2" in entry.content.decode(), entry["Content-Type"].split(";")[0]) == (True, "text/calendar")
    held = {"notes": "We listened", "decisions": "One directory", "version": "1"}
    assert head.post(f"{address}steps/hold/", held).status_code == 302
    assert requester.post(f"{address}tasks/", task | {"text": "Buy it"}).status_code == 302
    page = requester.get(address).content.decode()
    assert ("One directory" in page, "Buy it" in page) == (True, True)
    assert head.post(f"{page_of(group)}wall/open/").status_code == 302
    assert "Wall check" in requester.get("/").content.decode()
    assert requester.post(f"{page_of(group)}answer/", GOOD).status_code == 302
    assert requester.post(f"{page_of(group)}answer/", GOOD).status_code == 400
    assert head.post(f"{page_of(group)}wall/close/").status_code == 302
    assert head.post(f"{page_of(group)}steps/finish/", {"note": "One password for all"}).status_code == 302
    stranger = as_browser(company.stranger).get(page_of(group)).content.decode()
    assert ("One password for all" in stranger, "We listened" in stranger, "List all" in stranger) == (
        True,
        False,
        False,
    )


def test_what_was_typed_stays_when_it_is_refused(company, as_browser):
    group = at_work(company)
    meeting, head = meets(company, group), as_browser(company.supplier_head)
    for address, words in (
        (NEW, typed(name="Kept words", others=[])),
        (NEW, typed(name="Kept words", ends_on="2020-01-01")),
        (f"{page_of(group)}change/", typed(name="Kept words", ends_on="nonsense")),
        (f"{page_of(group)}tasks/", {"text": "Kept words"}),
        (f"{page_of(group)}steps/finish/", {"note": "Kept words", "version": "1"}),
        (f"{LIST}meetings/{meeting.pk}/steps/hold/", {"notes": "Kept words", "version": "9"}),
        (f"{LIST}meetings/{meeting.pk}/minutes/", {"notes": "Kept words"}),
    ):
        answer = head.post(address, words)
        assert (address, answer.status_code, "Kept words" in answer.content.decode()) == (address, 400, True)


def test_whoever_is_not_of_the_group_is_told_whose_it_is_and_sees_nothing_inside(company, as_browser):
    group = at_work(company)
    task, meeting, stranger = tasked(company, group), met(company, group), as_browser(company.stranger)
    codes = {
        "page": stranger.get(page_of(group)).status_code,
        "change": stranger.get(f"{page_of(group)}change/").status_code,
        "task": stranger.post(f"{page_of(group)}tasks/", {"text": "x"}).status_code,
        "move": stranger.post(f"{LIST}tasks/{task.pk}/done/").status_code,
        "meeting": stranger.get(f"{LIST}meetings/{meeting.pk}/").status_code,
        "new": stranger.get(NEW).status_code,
    }
    assert codes == {"page": 200, "change": 403, "task": 403, "move": 404, "meeting": 404, "new": 403}
    auditor = as_browser(company.auditor)
    assert auditor.get(f"{LIST}meetings/{meeting.pk}/").status_code == 200
    assert auditor.post(f"{LIST}tasks/{task.pk}/done/").status_code == 403


def test_it_stands_on_the_dashboard_and_between_two_departments(company, as_browser):
    group = take_step(by=company.supplier_head, group=at_work(company), name="finish", words="One password for all")
    head = as_browser(company.supplier_head)
    for address in ("/departments/it/as-supplier/", "/relations/it/sales/"):
        assert (address, "One password for all" in head.get(address).content.decode()) == (address, True)
    assert group.name in head.get(LIST, {"state": "finished", "department": "sales"}).content.decode()
    assert group.name not in head.get(LIST, {"department": "facilities"}).content.decode()


def test_a_member_leaves_by_their_own_hand(company, as_browser):
    group = founded(company)
    seat = seat_of(group, company.requester)
    assert as_browser(company.colleague).post(f"{page_of(group)}members/{seat.pk}/leave/").status_code == 403
    answer = as_browser(company.requester).post(f"{page_of(group)}members/{seat.pk}/leave/")
    assert (answer.status_code, answer["Location"]) == (302, page_of(group))
    seat.refresh_from_db()
    assert seat.left_at is not None


def test_over_the_api_a_group_is_founded_worked_in_and_finished(company, as_api):
    head, requester = as_api(company.supplier_head), as_api(company.requester)
    words = {name: value for name, value in typed().items() if name not in ("key", "every_weeks")}
    words |= {"starts_on": str(words["starts_on"]), "ends_on": str(words["ends_on"])}
    made = head.post(API, words)
    assert (made.status_code, made["ETag"], made.json()["departments"]) == (201, '"1"', ["it", "sales"])
    one = f"{API}{made.json()['id']}/"
    joined = head.post(f"{one}members/", {"department": "sales", "person": company.requester.email})
    assert [row["person"] for row in joined.json()["members"]][-1] == company.requester.email
    begun = head.post(f"{one}steps/", {"step": "begin"}, headers={"If-Match": '"1"'}).json()
    assert (begun["state"], begun["steps"]) == ("at_work", ["finish", "give_up"])
    task = {"text": "List", "owner": company.requester.email, "due_on": str(timezone.localdate())}
    given = requester.post(f"{one}tasks/", task).json()
    moved = requester.post(f"{API}tasks/{given['id']}/", {"state": "done", "owner": company.customer_head.email}).json()
    assert (moved["state"], moved["owner"]) == ("done", company.customer_head.email)
    starts = (timezone.now() + timedelta(days=1)).isoformat()
    meeting = head.post(f"{one}meetings/", {"starts_at": starts}).json()["inside"]["meetings"][0]
    steps = f"{API}meetings/{meeting['id']}/steps/"
    held = head.post(steps, {"step": "hold", "present": [company.requester.email], "decisions": "A"})
    told = next(row for row in held.json()["inside"]["meetings"] if row["state"] == "held")
    minutes = f"{API}meetings/{meeting['id']}/minutes/"
    wrote = requester.put(minutes, {"notes": "Said", "decisions": "A", "based_on": told["based_on"]})
    assert (wrote.status_code, requester.put(minutes, {"notes": "", "decisions": "", "based_on": "x"}).status_code) == (
        200,
        412,
    )
    assert head.post(f"{one}wall/", {"step": "open"}).json()["inside"]["checks"][0]["n"] == 0
    answered = requester.post(f"{one}answer/", GOOD).json()["inside"]["checks"][0]
    assert (answered["n"], answered["answered"], answered["criteria"]) == (1, True, [])
    done = head.post(f"{one}steps/", {"step": "finish", "note": "One password"}).json()
    assert (done["state"], done["result"]) == ("finished", "One password")
    seen = as_api(company.stranger).get(one).json()
    assert (seen["result"], seen["inside"], seen["members"]) == ("One password", None, [])
    listed = as_api(company.stranger).get(API, {"state": "finished", "department": "it"}).json()["results"]
    assert [row["name"] for row in listed] == ["One sign-in"]


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_for_one_and_for_three(company, as_browser, rows, django_assert_max_num_queries):
    client = as_browser(company.supplier_head)
    for number in range(rows):
        group = at_work(company, name=f"Group {number}")
    for _number in range(rows):
        tasked(company, group)
    asked(company, group)
    meeting = met(company, group)
    for address, most in ((LIST, 11), (page_of(group), 22), (f"{LIST}meetings/{meeting.pk}/", 16), (API, 8)):
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)
