"""How each address about requests is tried: the row of the matrix it belongs to, and what is sent to it."""

from collections.abc import Mapping
from typing import Any

from requests_app.desk.models import Attachment, Message, ServiceRequest, Watcher
from requests_app.desk.states import pk_of
from tests.api_stage import text_file
from tests.security.probes import Probe, Sight

ONE = {"number": "{number}"}
AS = frozenset({"AS"})
LEVELS = {"urgency": 1, "impact": 1, "reason": "It burns"}


def row(names: Mapping[str, Any]) -> ServiceRequest:
    return ServiceRequest.objects.get(pk=pk_of(names["number"]))


def became(**values: Any):
    """The effect: the request has these values."""
    return lambda _world, names, _letter: all(getattr(row(names), name) == value for name, value in values.items())


def assigned_to_me(_world, names, _letter) -> bool:
    return row(names).assignee.email == names["me"]


def assigned_to_agent(_world, names, _letter) -> bool:
    return row(names).assignee.email == names["agent"]


def said(*, internal: bool):
    def effect(_world, names, _letter) -> bool:
        return Message.objects.filter(
            service_request=row(names), body="Hello", internal=internal, author__email=names["me"]
        ).exists()

    return effect


def added_file(*, internal: bool):
    def effect(_world, names, _letter) -> bool:
        rows = Attachment.objects.filter(service_request=row(names), uploaded_by__email=names["me"], name="note.txt")
        return rows.filter(internal=internal).exists()

    return effect


def watched(name: str, *, by: bool):
    def effect(_world, names, _letter) -> bool:
        return by == Watcher.objects.filter(service_request=row(names), person__email=names[name]).exists()

    return effect


def filed(*, behalf: bool):
    def effect(_world, names, _letter) -> bool:
        found = ServiceRequest.objects.latest("pk")
        return found.filed_by.email == names["me"] and (found.requester.email != names["me"]) == behalf

    return effect


def _move(action: str, permission: str, state: str, then: str, *violated: str, **words: str) -> list[Probe]:
    """A step of the life: its form, the form sent, and the same over the API."""
    path, row_of, effect = ONE | {"action": action}, f"request.{permission}", became(status=then)
    told = {"violated": violated, "state": state}
    return [
        Probe(row_of, "desk:move", "get", path, **told),
        Probe(row_of, "desk:move", "post", path, words, effect=effect, **told),
        Probe(row_of, "api:moves", "post", ONE, {"action": action} | words, effect=effect, **told),
    ]


def _step(row_of: str, route: str, body: dict, effect, **more: Any) -> list[Probe]:
    """A step that is no move: its form, and the form sent."""
    return [Probe(row_of, route, "get", ONE, **more), Probe(row_of, route, "post", ONE, body, effect=effect, **more)]


def _part(row_of: str, route: str, text: str, **more: Any) -> Probe:
    return Probe(row_of, route, "get", ONE, sight=Sight.INSIDE, text=text, **more)


def _list(route: str, query: str, text: str = "/requests/{number}/") -> Probe:
    return Probe("request.list_search_count_export", route, query=query, sight=Sight.LISTED, text=text)


_ACCEPTING = {"action": "accept"}
_FILE = {"files": lambda: [text_file()]}
_FILING = {"service": "department", "title": "A new chair", "urgency": 3, "impact": 3}
_FORM = {"title": "A new chair", "urgency": "3", "impact": "3"}
_FINDING = ("desk:requests", "status=any&q={word}"), ("search", "q={word}"), ("api:requests", "q={word}")
_REJECTING = {"agreed": "Two", "received": "One", "remedy": "Another one"}
_HANDING = {"to": "legal", "reason": "It is theirs"}

READING = [
    *(_list(*finding) for finding in _FINDING),
    _list("desk:requests", "status=any&q={number}"),
    _list("api:requests", "q={reply}"),
    _list("search", "q={number}"),
    Probe("request.view", "desk:request", path=ONE),
    Probe("request.view", "api:request", path=ONE),
    Probe("request.view", "api:request-handoffs", path=ONE),
    Probe("request.view", "api:handoff", path={"pk": "{handoff}"}, state="offered"),
    Probe("request.view", "desk:message", "get", ONE),
    Probe("request.view_history", "api:events", path=ONE),
    Probe("request.view_sla_clock", "api:clocks", path=ONE),
    Probe("comment.view_public", "api:messages", path=ONE),
    _part("comment.view_public", "api:messages", "{reply}"),
    _part("comment.view_public", "desk:request", "{reply}"),
    _part("comment.view_internal", "api:messages", "{note}"),
    _part("comment.view_internal", "desk:request", "{note}"),
    _part("comment.view_internal", "api:events", "message.internal"),
    Probe("attachment.download_public", "api:attachments", path=ONE),
    Probe("attachment.download_public", "desk:attachment", path={"pk": "{file}"}),
    Probe("attachment.download_public", "api:attachment", path={"pk": "{file}"}),
    Probe("attachment.download_internal", "desk:attachment", path={"pk": "{note_file}"}),
    Probe("attachment.download_internal", "api:attachment", path={"pk": "{note_file}"}),
    _part("attachment.download_internal", "api:attachments", "kept"),
    _part("attachment.download_internal", "desk:request", "kept"),
    Probe("watcher.list", "api:watchers", path=ONE),
    Probe("queue.open", "desk:queue", path={"slug": "it"}),
    Probe(
        "queue.open",
        "desk:bulk",
        "post",
        {"slug": "it"},
        {"act": "take", "pick": "{number}"},
        state="new",
        effect=assigned_to_me,
        skip=frozenset({"AD", "AU"}),
    ),
    Probe("everybody", "api:handoffs"),
    Probe("feedback.view_own_answer", "api:rating", path=ONE, state="rated_privately"),
    Probe("feedback.view_shared_answer", "api:rating", path=ONE, state="rated", violated=("rated_privately",)),
    _part("feedback.view_own_answer", "desk:request", "Well done", state="rated_privately"),
    _part("feedback.view_shared_answer", "desk:request", "Well done", state="rated"),
]

WRITING = [
    Probe("request.create_for_own_dept", "desk:new", "post", {"slug": "department"}, _FORM, effect=filed(behalf=False)),
    Probe("request.create_for_own_dept", "api:requests", "post", {}, _FILING, effect=filed(behalf=False)),
    Probe(
        "request.create_on_behalf", "desk:new", "post", {"slug": "department"}, _FORM | {"on_behalf_of": "{requester}"},
        violated=({"on_behalf_of": "{stranger}"},), effect=filed(behalf=True), skip=frozenset({"RQ"}),
    ),
    Probe(
        "request.create_on_behalf", "api:requests", "post", {}, _FILING | {"on_behalf_of": "{requester}"},
        violated=({"on_behalf_of": "{stranger}"},), effect=filed(behalf=True), skip=frozenset({"RQ"}),
    ),
    *_step(
        "request.edit_text", "desk:edit", {"title": "Two"}, became(title="Two"), state="taken", violated=("accepted",)
    ),
    Probe(
        "request.edit_text", "api:request", "patch", ONE, {"title": "Two"}, state="taken", violated=("accepted",),
        effect=became(title="Two"),
    ),
    *_step(
        "request.set_priority", "desk:priority", LEVELS, became(urgency=1), state="taken", violated=("accepted",)
    ),
    Probe(
        "request.set_priority", "api:request", "patch", ONE, LEVELS, state="taken", violated=("accepted",),
        effect=became(urgency=1),
    ),
    *_step(
        "request.take_unassigned", "desk:take", {}, assigned_to_me, state="new", violated=("accepted",),
        refusals=(403, 409),
    ),
    Probe("request.take_unassigned", "desk:move", "get", ONE | _ACCEPTING, state="new", violated=("delivered",)),
    Probe(
        "request.take_unassigned", "desk:move", "post", ONE | _ACCEPTING, {}, state="new", violated=("delivered",),
        effect=assigned_to_me,
    ),
    Probe(
        "request.take_unassigned", "api:moves", "post", ONE, _ACCEPTING, state="new", violated=("delivered",),
        effect=assigned_to_me,
    ),
    Probe(
        "request.take_unassigned", "api:request", "patch", ONE, {"assignee": "{me}"}, state="new",
        effect=assigned_to_me,
    ),
    *_step(
        "request.assign_other", "desk:assign", {"assignee": "{agent}"}, assigned_to_agent,
        violated=({"assignee": "{requester}"},),
    )[1:],
    Probe("request.assign_other", "desk:assign", path=ONE),
    Probe(
        "request.assign_other", "api:request", "patch", ONE, {"assignee": "{agent}"}, effect=assigned_to_agent,
        violated=({"assignee": "{requester}"}, "closed"), skip=frozenset({"SA"}),
    ),
    *_move("accept", "accept_start_wait_resolve", "taken", "accepted", "delivered"),
    *_move("start", "accept_start_wait_resolve", "accepted", "in_progress", "delivered"),
    *_move("hold", "accept_start_wait_resolve", "in_progress", "on_hold", "delivered", hold_reason="part"),
    *_move("resume", "accept_start_wait_resolve", "on_hold", "in_progress", "accepted"),
    *_move("deliver", "accept_start_wait_resolve", "in_progress", "delivered", "closed"),
    Probe(
        "sla.pause_by_status", "api:moves", "post", ONE, {"action": "hold", "hold_reason": "customer"},
        violated=("delivered",), effect=lambda _world, names, _letter: row(names).due_at is None,
    ),
    *_move("decline", "reject_or_transfer", "accepted", "declined", "closed", reason="It cannot be done"),
    *_step(
        "request.reject_or_transfer", "desk:handoff", _HANDING, lambda _w, names, _l: row(names).handoffs.exists(),
        violated=("closed",),
    )[1:],
    Probe("request.reject_or_transfer", "desk:handoff", path=ONE),
    Probe(
        "request.reject_or_transfer", "api:request-handoffs", "post", ONE, _HANDING, violated=("closed",),
        effect=lambda _w, names, _l: row(names).handoffs.exists(),
    ),
    *_move("confirm", "confirm_close", "delivered", "closed", "in_progress"),
    *_move("reject", "confirm_close", "delivered", "in_progress", "in_progress", **_REJECTING),
    *_move("reopen", "reopen", "closed", "in_progress", "archived", "delivered", reason="It broke again"),
    *_move("cancel", "cancel", "accepted", "cancelled", "delivered"),
    Probe("comment.add_public", "desk:message", "post", ONE, {"body": "Hello"}, violated=("archived",),
          effect=said(internal=False)),
    Probe("comment.add_public", "api:messages", "post", ONE, {"body": "Hello"}, violated=("archived",),
          effect=said(internal=False)),
    Probe("comment.add_internal", "desk:message", "post", ONE, {"body": "Hello", "internal": "on"},
          violated=("archived",), effect=said(internal=True)),
    Probe("comment.add_internal", "api:messages", "post", ONE, {"body": "Hello", "internal": True},
          violated=("archived",), effect=said(internal=True)),
    Probe("attachment.upload", "api:attachments", "post", ONE, _FILE, violated=("archived",),
          effect=added_file(internal=False)),
    Probe("attachment.upload", "desk:message", "post", ONE, _FILE | {"body": "Hello"}, violated=("archived",),
          effect=added_file(internal=False)),
    Probe("comment.add_internal", "api:attachments", "post", ONE, _FILE | {"internal": "true"}, violated=("archived",),
          effect=added_file(internal=True)),
    Probe("watcher.add", "desk:watch", "post", ONE, {"email": "{stranger}"}, effect=watched("stranger", by=True)),
    Probe("watcher.add", "api:watchers", "post", ONE, {"person": "{stranger}"}, effect=watched("stranger", by=True)),
    Probe("watcher.remove_self", "desk:unwatch", "post", ONE, {"email": "{me}"}, effect=watched("me", by=False)),
    Probe("watcher.remove_self", "api:watcher", "delete", ONE | {"email": "{me}"}, effect=watched("me", by=False)),
    Probe("watcher.remove_other", "desk:unwatch", "post", ONE, {"email": "{second}"},
          effect=watched("second", by=False)),
    Probe("watcher.remove_other", "api:watcher", "delete", ONE | {"email": "{second}"},
          effect=watched("second", by=False)),
    Probe("feedback.submit_once", "ratings:request", "get", ONE, state="delivered"),
    Probe("feedback.submit_once", "ratings:request", "post", ONE, {"overall": "4"}, state="delivered",
          violated=("accepted", "archived")),
    Probe("feedback.submit_once", "api:rating", "put", ONE, {"overall": 4}, state="delivered",
          violated=("accepted", "archived")),
    *(
        Probe("handoff.answer", "desk:answer", method, {"pk": "{handoff}", "answer": answer}, words, state="offered")
        for answer, words in (("accept", {}), ("decline", {"reason": "Not ours"}))
        for method in ("get", "post")
    ),
    Probe("handoff.answer", "api:handoff-accept", "post", {"pk": "{handoff}"}, {}, state="offered"),
    Probe("handoff.answer", "api:handoff-decline", "post", {"pk": "{handoff}"}, {"reason": "No"}, state="offered"),
    Probe("request.reject_or_transfer", "desk:answer", "get", {"pk": "{handoff}", "answer": "withdraw"},
          state="offered"),
    Probe("request.reject_or_transfer", "desk:answer", "post", {"pk": "{handoff}", "answer": "withdraw"}, {},
          state="offered"),
    Probe("request.reject_or_transfer", "api:handoff-withdraw", "post", {"pk": "{handoff}"}, {}, state="offered"),
]  # fmt: skip

REQUESTS = READING + WRITING
