"""What it means to walk a cell of the matrix: one address, called as one person, and what must come of it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse

from requests_app.catalogue.states import Privacy
from requests_app.org import policies
from tests.api_stage import read_to_the_end
from tests.security.traces import fingerprint, undone
from tests.security.world import READ_ONLY, UNASSIGNED, World

ALLOWED, SAFE = frozenset("YPSNC"), frozenset({"get", "head", "options"})
INSIDERS = frozenset({"RQ", "WT", "AS", "SH"})  # who sees confidential requests
REFUSED = (400, 403, 404, 405, 409, 412, 422)
Names = Mapping[str, Any]
# Rows that the matrix does not have. Their order of contexts is the matrix's.
OUR_ROWS = {
    # The queue of a department is the list of its requests; whoever sees none of them by that right is told whose it is.
    "queue.open": "L F F F F F Y Y Y F F Y Y F",
    # Lists in the settings show what one may change; so all heads open them, each with their own.
    "settings.open": "L F F F F S F F S F S Y F F",
    # The first page of the settings is for whoever may open any of its parts, the history of changes among them.
    "settings.home": "L F F F F S F F S F S Y S F",
    # A new department changes the structure of the company, which is not a setting of one department.
    "department.create": "L F F F F F F F F F F Y F F",
    # A new calendar belongs to nobody's department yet.
    "calendar.create": "L F F F F F F F F F F Y F F",
    # The answer to a handoff is the receiving department's, which none of the contexts stands for.
    "handoff.answer": "L H F F F F F F F H H F F H",
    # Other people's tokens are not there for others.
    "token.of_others": "L H H H H H H H H H H Y H H",
    # Agreements: what is signed everybody reads, a proposal both heads, a draft the head who writes it. Both answer.
    "agreement.choose_parties": "L F F F F Y F F Y F Y F F F",
    "agreement.draft": "L F F F F Y F F Y F F F F F",
    "agreement.draft_or_set": "L F F F F Y F F Y F F Y F F",
    "agreement.own_draft": "L H H H H H H H Y H H H H H",
    "agreement.read_proposal": "L H H H H Y H H Y H H Y Y Y",
    "agreement.answer": "L H H H H Y H H F H H F F F",
    "agreement.withdraw": "L H H H H Y H H Y H H F F F",
    "agreement.replay": "L F F F F Y F F Y F F Y F Y",
    "agreement.end": "L F F F F Y F F Y F F Y F F",
    # What is between two departments is for the agents and heads of both, executives and auditors.
    "relation.read": "L F F F F Y Y Y Y F F F Y Y",
    # All relations of a department are for its own agents and heads, executives and auditors.
    "relations.list": "L F F F F F Y Y Y F F F Y Y",
    # Facts are taken along by the department's agents and heads, and by auditors; the page is for whoever may do so anywhere.
    "export.ask": "L F F F F F Y Y Y F F F Y F",
    "export.open": "L F F F F Y Y Y Y Y Y F Y F",
    # Reports that come by mail are those of whoever asked for them.
    "report.own": "L H H H H H H H Y H H H H H",
    # What a chart means is for the heads of its department to say.
    "chart.answer": "L F F F F F F F Y F F F F F",
    # Who its suppliers and customers are, a department says through its head.
    "chain.declare": "L F F F F F F F Y F F F F F",
    # Corrective actions: heads open them for their own department; whoever sees the request is told whose it is to do.
    "action.open_form": "L F F F F Y F F Y F Y F F F",
    "action.open": "L F F F F F F F Y F F F F F",
    "action.open_of_request": "L H F F F F F F Y H H F F H",
    # The tree of causes is the company's: whoever works on corrective actions proposes, administrators decide. A proposal
    # for an action of IT for Sales is read by both departments, as the action is in full, and by auditors.
    "cause.propose": "L F F F F Y Y Y Y Y Y Y F F",
    "cause.edit": "L F F F F F F F F F F Y F F",
    "cause.read_proposal": "L H H H H Y Y Y Y H H Y Y H",
    "cause.open_proposal": "L F F F F Y Y Y Y H H Y F F",
    "cause.decide": "L H H H H F F F F H H Y F H",
    # Suggestions and praise: said and voted on by members of departments, answered by the head they are for.
    "voice.say": "L Y Y Y Y Y Y Y Y Y Y F F F",
    "voice.praise": "L Y Y Y Y Y F F F Y Y F F F",
    "voice.vote": "L Y F Y Y Y Y Y Y Y Y F F F",
    # Who complained appeals; what is confidential is read by them, the head it is for and the auditor.
    "voice.appeal": "L H Y H H F H F F H H H F H",
    "complaint.view_in_confidence": "L H Y H H H H H Y H H H Y H",
    "voice.discuss": "L Y Y Y Y Y Y Y Y Y Y F F F",
    "voice.withdraw_post": "L F Y F F F F F F F F F F F",
    "voice.decide": "L F F F F F F F Y F F F F F",
    "voice.withdraw": "L F Y F F F F F F F F F F F",
    "voice.correct": "L H F H H F H F Y H H H F H",
    # Courses: held by heads and administrators, attended by members of departments, recorded by trainer and holding head.
    "training.hold": "L F F F F Y F F Y F Y Y F F",
    "training.attend": "L Y Y Y Y Y Y Y Y Y Y F F F",
    "training.of_requester": "L F Y F F Y F F F F F F F F",
    "training.record": "L F F F F F F Y Y F F F F F",
    "training.own_test": "L H Y H H H H H H H H H H H",
    "training.certificate": "L H Y H H Y H H H H H H H H",
    "training.dismiss": "L F F F F F F F Y F F F F F",
    # Awards: kept by administrators; members of departments nominate and vote, here for IT, but nobody for their own.
    "award.keep": "L F F F F F F F F F F Y F F",
    "award.open_form": "L Y Y Y Y Y Y Y Y Y Y F F F",
    "award.favour_it": "L Y Y Y Y Y F F F Y Y F F F",
    # Needs of Sales on the board of IT: worked on by its agents, decided on by its head, rated by who needs it.
    "need.propose": "L Y Y Y Y Y Y Y Y Y Y F F F",
    "need.propose_for_sales": "L F Y F Y Y Y Y Y F F F F F",
    "need.read": "L H Y H Y Y Y Y Y H H H Y Y",
    "need.work": "L H F H F F Y Y Y H H H F F",
    "need.decide": "L H F H F F F F Y H H H F F",
    "need.change": "L H Y H F F Y Y Y H H H F F",
    "need.rate": "L H Y H Y Y F F F H H H F F",
    # A question of Sales to IT, to which an agent of IT has replied: read and answered by everybody, marked by the asker
    # and by IT, hidden by the head of IT and by administrators, changed by who said it.
    "forum.speak": "L Y Y Y Y Y Y Y Y Y Y F F F",
    "forum.mark": "L F Y F F F Y Y Y F F F F F",
    "forum.hide": "L F F F F F F F Y F F Y F F",
    "forum.show": "L H F H H H H H Y H H Y F H",
    "forum.show_reply": "L H H H H H F H Y H H Y F H",
    "forum.edit": "L F Y F F F F F F F F F F F",
    "forum.edit_reply": "L F F F F F Y F F F F F F F",
    # Joint group of IT and Sales: its goal is everybody's; the heads of both lead, the requester is a member, who looks
    # on sees the inside; of meetings and tasks nobody else knows.
    "group.open_form": "L F F F F Y F F Y F Y F F F",
    "group.found": "L F F F F F F F Y F F F F F",
    "group.lead": "L F F F F Y F F Y F F F F F",
    "group.work": "L F Y F F Y F F Y F F F F F",
    "group.meeting": "L H Y H H Y H H Y H H H Y Y",
    "group.meeting_lead": "L H F H H Y H H Y H H H F F",
    "group.meeting_work": "L H Y H H Y H H Y H H H F F",
    # When somebody is away is their own business and that of the heads they work for; hours are for the head to say.
    "absence.enter": "L F F F F F F F Y F F Y F F",
    "absence.withdraw": "L H H H H H H H Y H H Y H H",
    "hours.set": "L F F F F F F F Y F F Y F F",
    # Questionnaires: heads and administrators list them; whoever is asked, here the people of Sales, answers.
    "survey.make": "L F F F F Y F F Y F Y Y F F",
    "survey.answer": "L F Y F Y Y F F F F F F F F",
    # A wall check of IT that asked Sales and IT: read as its results, by who reads figures of the company.
    "wall_check.read": "L F F F F Y Y Y Y H H F Y Y",
    # Improvement plans: read as the figures of their department, kept by its head.
    "improvement.read": "L H H H H H Y Y Y H H H Y Y",
    "improvement.plan": "L F F F F F F F Y F F F F F",
    "improvement.keep": "L H H H H H F F Y H H H F F",
    # Talks of two departments: read by the agents and heads of both, led by heads; auditors and executives look on.
    "talk.read": "L H H H H Y Y Y Y H H H Y Y",
    "talk.lead": "L H H H H Y F F Y H H H F F",
    "talk.write": "L H H H H Y Y Y Y H H H F F",
    "talk.minutes": "L H H H H F Y Y Y H H H F F",
    # The task is that of an agent of IT who stands for SA.
    "talk.finish": "L H H H H Y Y F Y H H H F F",
    "talk.open_form": "L F F F F Y F F Y F Y F F F",
    "talk.arrange": "L F F F F F F F Y F F F F F",
    # The link is the key: whoever holds it reads on, signed in or not.
    "talk.feed": "Y Y Y Y Y Y Y Y Y Y Y Y Y Y",
    # How it was asked: for who worked on it to say, here the assigned and the head; read by the team, who asked, their head.
    "asking.rate": "L H F F F F F Y Y H H F F H",
    "asking.read": "L H Y H H Y Y Y Y H H H H H",
    # Words about a rating that was shared: its team begins; who rated may not yet, and others do not know of it.
    "rating.read_shared": "L H Y H H H Y Y Y H H H H H",
    "rating.answer": "L H F H H H Y Y Y H H H H H",
    # How often people are asked to rate is the company's.
    "rules.asking": "L F F F F F F F F F F Y F F",
    # What shows that it was done is for whoever reads the whole action.
    "action.read_in_full": "L H H H H Y Y Y Y H H H Y H",
    # It is taken away again by who added it, here the head of the supplier.
    "action.take_away": "L H H H H F F F Y H H H F H",
    # What is asked of everybody signed in is also a page of their own.
    "everybody": "L Y Y Y Y Y Y Y Y Y Y Y Y Y",
}
OF_NO_REQUEST = frozenset({
    "request.create_for_own_dept", "request.create_on_behalf", "feedback.configure", "feedback.view_aggregate",
})  # fmt: skip
OBJECTS = ("metrics.drilldown_rows", "request.", "sla.", "comment.", "attachment.", "watcher.", "feedback.", "handoff.",
           "asking.", "rating.")  # fmt: skip


class Sight(Enum):
    """Where the right shows: the whole answer, a row in a list, or a part of an answer."""

    ANSWER = "answer"
    LISTED = "listed"
    INSIDE = "inside"


@dataclass(frozen=True)
class Probe:
    """One way to try an action of the matrix. Texts may name what World.names knows, in braces.

    `violated`: what else is tried where the code is S, and must be refused: a state, or other values.
    """

    action: str
    route: str
    method: str = "get"
    path: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    query: str = ""
    state: str = "accepted"
    violated: tuple[str | Mapping[str, Any], ...] = ()
    sight: Sight = Sight.ANSWER
    text: str = ""
    effect: Callable[[World, Names, str], bool] | None = None
    skip: frozenset[str] = frozenset()  # contexts for which there is no such thing
    refusals: tuple[int, ...] = (403,)
    asks: bool = False  # a POST that only asks, and must change nothing

    def __str__(self) -> str:
        return f"{self.action} by {self.method.upper()} {self.route} {dict(self.path)} {self.query}".strip()

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api:") and self.route != "api:docs"  # that one is a page

    @property
    def of_request(self) -> bool:
        """Whether the action is done to a request, so that it depends on who sees that."""
        return self.action.startswith(OBJECTS) and self.action not in OF_NO_REQUEST


def codes() -> dict[str, dict[str, str]]:
    matrix = policies.matrix()
    order = list(next(iter(matrix.values())))
    return matrix | {action: dict(zip(order, row.split(), strict=True)) for action, row in OUR_ROWS.items()}


def code_of(probe: Probe, letter: str, privacy: str) -> str:
    """The code of the cell, as confidential and private requests narrow it."""
    if probe.of_request and probe.state in UNASSIGNED and letter == "AS":
        letter = "SA"  # nobody is assigned, so an agent is what remains
    hidden = (privacy == Privacy.CONFIDENTIAL and letter not in INSIDERS) or (
        privacy == Privacy.PRIVATE and letter == "CC"
    )
    if probe.of_request and hidden and letter != "AN":
        return "H"
    if probe.action == "watcher.add" and privacy == Privacy.CONFIDENTIAL and letter in ("RQ", "AS"):
        return "F"  # the head of the supplying department says who else reads along
    return codes()[probe.action][letter]


def sees(letter: str, privacy: str) -> bool:
    return code_of(Probe("request.view", "desk:request"), letter, privacy) in ALLOWED


def send(world: World, probe: Probe, letter: str, names: Names, other: Mapping[str, Any] | None = None) -> Any:
    """Call the address. `other` values stand in for those of the body."""
    url = reverse(probe.route, kwargs={key: _filled(value, names) for key, value in probe.path.items()})
    url += f"?{_filled(probe.query, names)}" if probe.query else ""
    body = {key: _filled(value, names) for key, value in {**(probe.body or {}), **(other or {})}.items()}
    client = world.program(letter) if probe.is_api else world.browser(letter)
    if probe.is_api and probe.body is not None:
        return getattr(client, probe.method)(url, body, format="multipart" if "files" in body else "json")
    return getattr(client, probe.method)(url, body)


def _filled(value: Any, names: Names) -> Any:
    if callable(value):
        return value()
    if isinstance(value, str) and value.endswith("}#"):  # an id that stays a number
        return names[value[1:-2]]
    return value.format(**names) if isinstance(value, str) else value


def complaint(world: World, probe: Probe, letter: str, privacy: str, before: dict) -> str:
    """What is wrong with this cell, or nothing."""
    code = code_of(probe, letter, privacy)
    names = world.names(letter, privacy, probe.state)
    with undone():
        answer = send(world, probe, letter, names)
        wrong = _judged(world, probe, letter, privacy, code, names, answer, before)
    if not wrong and code == "S":
        wrong = _violations(world, probe, letter, privacy, before)
    return f"{probe} as {letter}, {privacy} ({code}): {wrong}" if wrong else ""


def _judged(world, probe, letter, privacy, code, names, answer, before) -> str:
    changed = changed_since(before)
    reads = probe.method in SAFE or probe.asks
    if reads and changed:
        return f"reading changed {changed}"
    if code == "L":
        return _not_signed_in(probe, answer) or (f"changed {changed}" if changed else "")
    if probe.is_api and letter in READ_ONLY and not reads and code in ALLOWED:
        return _told(answer, (403,)) or (f"changed {changed}" if changed else "")
    if probe.sight is not Sight.ANSWER:
        return _part_of(probe, letter, privacy, code, names, answer)
    if code in ALLOWED:
        return _done(world, probe, letter, names, answer, changed)
    if changed:
        return f"refused with {answer.status_code}, but changed {changed}"
    if code == "F":
        return _told(answer, probe.refusals)
    return _told(answer, (404,)) or _tells_more_than_nothing(world, probe, letter, answer)


def changed_since(before: dict) -> str:
    after = fingerprint()
    return ", ".join(table for table in after if after[table] != before[table])


def _not_signed_in(probe: Probe, answer: HttpResponseBase) -> str:
    if probe.is_api:
        return _told(answer, (401,))
    to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/?next=")
    return "" if to_sign_in else f"not sent to the sign-in page but {answer.status_code}"


def _told(answer: HttpResponseBase, expected: tuple[int, ...]) -> str:
    return "" if answer.status_code in expected else f"{answer.status_code} instead of {expected[0]}"


def _done(world, probe, letter, names, answer, changed) -> str:
    if answer.status_code not in (200, 201, 204, 302):
        return f"{answer.status_code} instead of success: {text_of(answer)[:300]}"
    if answer.status_code == 302 and answer["Location"].startswith("/accounts/login/"):
        return "sent to the sign-in page"
    if probe.method in SAFE:
        return "" if answer.status_code == 302 or text_of(answer) else "there is nothing in it"
    if not changed and not probe.asks:
        return f"answered {answer.status_code} and changed nothing"
    return "" if probe.effect is None or probe.effect(world, names, letter) else "the effect is missing"


def _part_of(probe, letter, privacy, code, names, answer) -> str:
    """The answer is there for whoever may open it; the part in it only for whoever may see that."""
    if probe.sight is Sight.INSIDE and not sees(letter, privacy):
        return _told(answer, (404,))
    there = _filled(probe.text, names) in text_of(answer)
    if there != (code in ALLOWED):
        return f"{_filled(probe.text, names)} is {'there' if there else 'missing'}"
    return _told(answer, (200,))


def _tells_more_than_nothing(world, probe, letter, answer) -> str:
    """Hidden things are answered like things that never were."""
    key = (str(probe), letter)
    if key not in world.answers_to_nothing:
        ghost = world.ghost(letter)
        with undone():
            nothing = send(world, probe, letter, ghost)
        world.answers_to_nothing[key] = (nothing.status_code, _bare(nothing))
    status, bare = world.answers_to_nothing[key]
    if status != 404:
        return f"nothing at all is answered {status}"
    return "" if _bare(answer) == bare else "the answer is not that of a thing that is not there"


def _bare(answer: Any) -> str:
    """The answer without what differs anyhow: the address that was asked, and the token of each form."""
    return re.sub(r"[0-9A-Za-z]{64}", "·", text_of(answer).replace(answer.wsgi_request.path, "·"))


def _violations(world: World, probe: Probe, letter: str, privacy: str, before: dict) -> str:
    for violated in probe.violated:
        state = violated if isinstance(violated, str) else probe.state
        other = violated if isinstance(violated, Mapping) else None
        with undone():
            answer = send(world, probe, letter, world.names(letter, privacy, state), other)
            changed = changed_since(before)
        if answer.status_code not in REFUSED or changed:
            return f"with {violated} it is {answer.status_code} and changes {changed or 'nothing'}"
    return ""


def text_of(answer: HttpResponseBase) -> str:
    """The body; of a file that is sent, once."""
    return read_to_the_end(answer).decode("utf-8", "replace")
