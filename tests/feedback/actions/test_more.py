"""Files that show what was done, the board, low ratings that ask for an action, levels of being overdue, causes."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from feedback.actions.board import board_of
from feedback.actions.causes import cause_tree, ensure_causes
from feedback.actions.digest import queue_digests, write_letter
from feedback.actions.due import overdue_level, tell_what_is_due
from feedback.actions.models import ActionFile, CorrectiveAction
from feedback.actions.proof import add_files, remove_file
from feedback.actions.proposals import proposals_for, source_of_rating
from feedback.actions.selectors import actions_for
from feedback.actions.services import open_action
from feedback.ratings.models import RatingRules
from feedback.ratings.services import give_rating
from feedback.ratings.states import Answer
from requests_app.desk.services.attachments import path_of, sweep_orphans
from requests_app.events.models import Event
from requests_app.kernel.errors import IllegalMove, NotAllowed, WrongInput
from requests_app.messaging.models import OutgoingMail
from requests_app.org.models import Person
from tests.api_stage import read_to_the_end, text_file
from tests.factories.actions import brought_to, opened, take

pytestmark = pytest.mark.django_db


# ── Files ────────────────────────────────────────────────────────────────────


def test_the_supplier_shows_what_was_done_and_the_history_tells_it(company):
    action = brought_to(company, "planned")
    (row,) = add_files(by=company.assigned, action=action, files=[text_file("list.txt", b"All there")])
    assert (row.name, path_of(row).read_bytes()) == ("list.txt", b"All there")
    event = Event.objects.get(kind="action.shown")
    assert (event.data["files"], event.data["names"]) == ([row.pk], ["list.txt"])
    sweep_orphans(older_than_seconds=0)
    assert path_of(row).exists()


def test_what_cannot_be_kept_is_refused_whole(company):
    action = brought_to(company, "planned")
    for files in ([], [text_file("a.txt"), text_file("run.exe")], [text_file(f"{n}.txt") for n in range(11)]):
        with pytest.raises(WrongInput) as error:
            add_files(by=company.assigned, action=action, files=files)
        assert list(error.value.errors) == ["files"]
    assert ActionFile.objects.count() == 0


def test_the_customer_adds_none_and_after_the_end_nobody_does(company):
    action = brought_to(company, "done")
    with pytest.raises(NotAllowed):
        add_files(by=company.customer_head, action=action, files=[text_file()])
    CorrectiveAction.objects.update(state="cancelled", next_due_on=None, ended_at=timezone.now())
    with pytest.raises(IllegalMove):
        add_files(by=company.assigned, action=action, files=[text_file()])


def test_files_are_read_by_who_reads_the_whole_action(company, as_browser, as_api, delivered_request):
    action = brought_to(company, "planned", delivered_request)
    page = f"/feedback/actions/{action.pk}/"
    assert as_browser(company.assigned).post(f"{page}files/", {"files": [text_file("list.txt")]})["Location"] == page
    row = ActionFile.objects.get()
    link, path = f"/feedback/actions/files/{row.pk}/", f"/api/v1/corrective-action-files/{row.pk}/content/"
    shown = as_browser(company.customer_head).get(page).content.decode()
    assert (link in shown, "list.txt" in shown) == (True, True)
    answer = as_browser(company.customer_head).get(link)
    assert (read_to_the_end(answer), answer["Content-Security-Policy"]) == (b"hello", "default-src 'none'; sandbox")
    for who, status in (("customer_head", 200), ("requester", 404), ("stranger", 404), ("executive", 404)):
        seen = as_browser(getattr(company, who)).get(link)
        told = as_api(getattr(company, who)).get(path)
        assert (seen.status_code, told.status_code) == (status, status), who
        if status == 200:
            read_to_the_end(seen)
            read_to_the_end(told)
    assert link not in as_browser(company.requester).get(page).content.decode()
    assert as_browser(company.assigned).post(f"{page}files/", {}).status_code == 400
    assert as_browser(company.customer_head).post(f"{page}files/", {}).status_code == 403


def test_over_the_api_files_are_added_and_named(company, as_api):
    action = brought_to(company, "planned")
    path = f"/api/v1/corrective-actions/{action.pk}/"
    added = as_api(company.assigned).post(f"{path}files/", {"files": [text_file("list.txt")]}, format="multipart")
    assert (added.status_code, added.json()["results"][0]["name"]) == (201, "list.txt")
    assert as_api(company.customer_head).get(path).json()["files"] == added.json()["results"]


def test_a_file_is_taken_away_by_who_added_it_and_the_history_keeps_its_name(company, as_browser, as_api):
    action = brought_to(company, "planned")
    first, second = add_files(by=company.assigned, action=action, files=[text_file("list.txt"), text_file("plan.txt")])
    path, page = f"/feedback/actions/files/{first.pk}/remove/", f"/feedback/actions/{action.pk}/"
    assert path not in as_browser(company.supplier_head).get(page).content.decode()
    assert as_browser(company.supplier_head).post(path).status_code == 403
    assert as_browser(company.stranger).post(path).status_code == 404
    assert path in as_browser(company.assigned).get(page).content.decode()
    assert as_browser(company.assigned).post(path)["Location"] == page
    assert as_browser(company.assigned).post(path).status_code == 404
    address = f"/api/v1/corrective-action-files/{second.pk}/"
    assert [as_api(one).delete(address).status_code for one in (company.supplier_head, company.assigned)] == [403, 204]
    assert [event.data["names"] for event in Event.objects.filter(kind="action.unshown").order_by("pk")] == [
        ["list.txt"], ["plan.txt"],
    ]  # fmt: skip
    sweep_orphans(older_than_seconds=0)
    assert not path_of(first).exists()


def test_what_showed_an_ended_action_stays(company):
    action = brought_to(company, "planned")
    (row,) = add_files(by=company.assigned, action=action, files=[text_file()])
    CorrectiveAction.objects.update(state="cancelled", next_due_on=None, ended_at=timezone.now())
    with pytest.raises(IllegalMove):
        remove_file(by=company.assigned, file=row)


# ── Board ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rows", [1, 3])
def test_the_board_has_a_column_for_each_state_in_one_query(company, rows, django_assert_num_queries):
    for place in range(rows):
        opened(company, title=f"It came late {place}")
    brought_to(company, "contained")
    wanted = actions_for(company.supplier_head, side="supplier")
    with django_assert_num_queries(1):
        columns = board_of(wanted)
    assert [column.state for column in columns] == ["open", "contained", "analysed", "planned", "done", "verified"]
    assert [(column.total, len(column.lines)) for column in columns[:3]] == [(rows, rows), (1, 1), (0, 0)]
    assert len(board_of(wanted, ended=True)) == 8


def test_a_full_column_says_how_many_more_there_are(company):
    for place in range(17):
        opened(company, title=f"It came late {place}")
    column = board_of(actions_for(company.supplier_head))[0]
    assert (column.total, len(column.lines), column.more) == (17, 15, 2)


def test_the_board_stands_beside_the_list_and_shows_only_what_one_may_read(company, as_browser):
    action = brought_to(company, "contained")
    board = "/feedback/actions/board/"
    assert board in as_browser(company.supplier_head).get("/feedback/actions/").content.decode()
    assert action.title in as_browser(company.supplier_head).get(board).content.decode()
    assert action.title not in as_browser(company.other_head).get(board).content.decode()


# ── Low ratings ──────────────────────────────────────────────────────────────


def rated(company, row, score=2, **more):
    words = {"comment": "It came late.", "share_with_team": True} | more
    return give_rating(by=company.requester, service_request=row, answer=Answer(score, **words))


def test_a_low_rating_with_words_is_proposed_until_it_is_followed_up(company, as_browser, delivered_request):
    rated(company, delivered_request)
    head = as_browser(company.supplier_head)
    link = f"/feedback/actions/new/{delivered_request.number}/"
    assert link in head.get("/").content.decode()
    assert "This was rated 2 of 5." in head.get(f"/requests/{delivered_request.number}/").content.decode()

    head.post(link, {"title": "It came late"})

    action = CorrectiveAction.objects.get()
    assert (action.source_kind, action.source_id) == ("rating", delivered_request.pk)
    assert proposals_for(Person.objects.get(pk=company.supplier_head.pk)) == []


@pytest.mark.parametrize(
    ("score", "more"), [(3, {}), (1, {"comment": ""}), (1, {"share_with_team": False})], ids=["3", "mute", "unshared"]
)
def test_nothing_else_is_proposed(company, delivered_request, score, more):
    rated(company, delivered_request, score, **more)
    assert proposals_for(company.supplier_head) == []


def test_heads_are_mailed_once_the_morning_after_and_not_of_what_is_followed_up(company, delivered_request):
    rating = rated(company, delivered_request)
    morning = timezone.now().astimezone(ZoneInfo("Europe/Berlin")).replace(hour=7, minute=5) + timedelta(days=1)
    assert queue_digests(now=morning - timedelta(hours=1)) == 0
    assert (queue_digests(now=morning), queue_digests(now=morning)) == (1, 1)
    mail = OutgoingMail.objects.select_related("person").get(kind="action.proposed")
    letter = write_letter(mail)
    assert mail.person == company.supplier_head
    assert letter.facts == ((delivered_request.number, "2 of 5"),)
    assert letter.subject.startswith("A low rating to follow up")
    open_action(
        by=company.supplier_head, supplier=company.it, title="Late", **source_of_rating(rating), customer=company.sales
    )
    assert write_letter(mail) is None


def test_only_to_heads_only_for_a_month_and_only_while_the_rules_say_so(company, delivered_request):
    rating = rated(company, delivered_request)
    assert proposals_for(company.supplier_head) == [rating]
    assert proposals_for(company.agent) == proposals_for(company.customer_head) == []
    assert proposals_for(company.supplier_head, now=timezone.now() + timedelta(days=31)) == []
    RatingRules.objects.create(propose_actions=False)
    assert proposals_for(company.supplier_head) == []


def test_a_low_rating_that_was_kept_from_the_team_is_not_told_by_the_action(company, as_browser, delivered_request):
    rated(company, delivered_request, 1, share_with_team=False)
    head = as_browser(company.supplier_head)
    assert "This was rated" not in head.get(f"/requests/{delivered_request.number}/").content.decode()
    head.post(f"/feedback/actions/new/{delivered_request.number}/", {"title": "It came late"})
    assert CorrectiveAction.objects.get().source_kind == "request"


# ── Overdue ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("day", "level"), [(0, 0), (1, 1), (7, 1), (8, 2), (30, 2), (31, 3), (400, 3)])
def test_overdue_has_three_levels(day, level):
    due_on = date(2026, 3, 2)
    assert overdue_level(due_on, due_on + timedelta(days=day)) == level


def test_each_level_is_told_once_to_owner_and_heads_and_a_new_day_begins_anew(company):
    action = brought_to(company, "planned")
    days = [1, 2, 8, 8, 31, 60]
    told = [tell_what_is_due(today=action.due_on + timedelta(days=day))[0] for day in days]
    assert told == [1, 0, 1, 0, 1, 0]
    events = Event.objects.filter(kind="action.overdue").order_by("pk")
    assert [event.data["level"] for event in events] == [1, 2, 3]
    take(company, action, "plan")
    later = action.due_on + timedelta(days=1)
    CorrectiveAction.objects.update(due_on=later, next_due_on=later)
    assert tell_what_is_due(today=action.due_on + timedelta(days=2)) == (1, 0)


# ── Causes ───────────────────────────────────────────────────────────────────


def test_the_first_causes_speak_the_readers_language_and_others_stay_as_named(company):
    ensure_causes()
    with translation.override("ru"):
        names = {twig.cause.words for twig in cause_tree()}
    assert "Nobody responsible" not in names
    assert len(names) == 16


def test_causes_are_changed_over_the_api(company, as_api):
    ensure_causes()
    cause = cause_tree()[0].cause
    path, client = f"/api/v1/causes/{cause.pk}/", as_api(company.admin)
    tag = client.get(path)["ETag"]
    changed = client.patch(path, {"name": "Ways of working", "is_active": False}, headers={"If-Match": tag})
    assert (changed.json()["name"], changed.json()["is_active"]) == ("Ways of working", False)
    assert client.patch(path, {"name": "Other"}, headers={"If-Match": tag}).status_code == 412
    assert client.patch(path, {"name": ""}).status_code == 400
    assert as_api(company.supplier_head).patch(path, {"name": "Mine"}).status_code == 403
    assert client.get("/api/v1/causes/999999/").status_code == 404
