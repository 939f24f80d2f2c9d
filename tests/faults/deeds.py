"""What people do besides filing: they answer a survey, rate, sign up, vote, write minutes, post, move a task.

Each deed is told twice in other words, once for each harm, so that what is stored says which of them arrived.
"""

import http.client
import json
import time
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from tests.faults.rig import Rig, post


@dataclass(frozen=True)
class Deed:
    """`by` does it over the API at `path`, with `body`; `page` shows it."""

    by: str
    method: str
    path: str
    body: dict[str, Any]
    page: str


STORED = {
    "a survey is answered": "SELECT count(*) FROM surveys_invitation"
    " WHERE campaign_id = {campaign} AND person_id = {who} AND answered",
    "a delivery is rated": "SELECT count(*) FROM ratings_rating WHERE overall = {score}",
    "somebody signs up for a training": "SELECT count(*) FROM training_signup"
    " WHERE session_id = {training} AND person_id = {comes}",
    "a vote is given": "SELECT count(*) FROM awards_tally WHERE nominee_id = 700002 AND votes = {votes}",
    "minutes are written": "SELECT count(*) FROM talks_talk WHERE id = {talk} AND notes_supplier = '{words}'",
    "somebody replies in the forum": "SELECT count(*) FROM forum_reply WHERE body = '{words}'",
    "the task of a group moves": "SELECT count(*) FROM groups_task WHERE id = {group_task} AND state = '{state}'",
}
VOTERS, COMERS = ("requester", "colleague"), ("colleague", "customer_head")
SCORES, WORDS, STATES = (4, 2), ("before noon", "after noon"), ("doing", "done")


def deeds(turn: int) -> dict[str, Deed]:
    """The seven, for the first or the second harm (0 or 1)."""
    who, words = VOTERS[turn], WORDS[turn]
    comes = {"person": ("cora.colleague@example.test", "hanna.head@example.test")[turn]}
    rows = [
        (who, "PUT", "campaigns/{campaign}/answer/", {"answers": {"q1": SCORES[turn]}},
         "/feedback/surveys/campaigns/{campaign}/"),
        ("requester", "PUT", "requests/{number}/rating/", {"overall": SCORES[turn], "share_with_team": True},
         "/requests/{number}/"),
        ("customer_head", "POST", "trainings/{training}/sign-up/", comes, "/feedback/training/sessions/{training}/"),
        (who, "PUT", "awards/{voted}/vote/", {"nominee": 700_002}, "/feedback/awards/{voted}/"),
        ("agent", "PUT", "meetings/{talk}/minutes/", {"side": "supplier", "text": words}, "/feedback/talks/{talk}/"),
        ("colleague", "POST", "forum/{topic}/replies/", {"body": words}, "/feedback/forum/{topic}/"),
        ("requester", "POST", "groups/tasks/{group_task}/", {"state": STATES[turn]}, "/feedback/groups/{group}/"),
    ]  # fmt: skip
    return {name: Deed(*row) for name, row in zip(STORED, rows, strict=True)}


def stored(rig: Rig, turn: int, scene: dict[str, Any]) -> dict[str, int]:
    """How often what each deed leaves behind is there: once, if nothing was lost or doubled."""
    told = {"score": SCORES[turn], "words": WORDS[turn], "state": STATES[turn], "votes": turn + 1}
    told |= {"who": scene[VOTERS[turn]], "comes": scene[COMERS[turn]]}
    return {name: rig.query(sql.format(**scene, **told))[0][0] for name, sql in STORED.items()}


@dataclass(frozen=True)
class Done:
    """How the product answered the deed, and then its page, with the slower of the two in seconds."""

    status: int
    page: int
    seconds: float


def do(rig: Rig, deed: Deed, scene: dict[str, Any]) -> Done:
    began = time.monotonic()
    status, said = post(rig, deed.by, deed.path.format(**scene), deed.body, method=deed.method)
    answered = time.monotonic()
    assert status < 300, said
    page = look(rig, deed.page.format(**scene), scene["sessions"][deed.by])
    return Done(status, page, max(answered - began, time.monotonic() - answered))


def look(rig: Rig, path: str, session: str) -> int:
    """The status of a page for whoever has this session."""
    with closing(http.client.HTTPConnection("127.0.0.1", rig.web_port, timeout=60)) as connection:
        connection.request("GET", path, headers={"Cookie": session})
        answer = connection.getresponse()
        answer.read()
        return answer.status


def set_scene(rig: Rig) -> dict[str, Any]:
    """Something to answer, rate, attend, vote for, write about, reply to and work on; and sessions to look with."""
    return rig.told("shell", "-v0", "-c", SCENE.replace("CAST", json.dumps(rig.cast)))


# Runs inside the product. The same preparations as for the calls of the API.
SCENE = """
import json
from dataclasses import fields
from django.db import transaction
from django.test import Client
from tests.api_stage import PREPARATIONS
from tests.factories import Company, file_laptop
cast = CAST
company = Company(**{one.name: one.type.objects.get(pk=cast[one.name]) for one in fields(Company)})
names = dict(cast, sessions={})
for prepare in ("campaign", "training", "voted", "talk", "topic", "group", "deliver"):
    with transaction.atomic():  # one of them renumbers rows that point at each other
        row = file_laptop(company, title=f"fault {prepare}")
        names |= PREPARATIONS[prepare](company, row) | {"number": row.number}
for name in ("requester", "colleague", "customer_head", "agent"):
    client = Client()
    client.force_login(getattr(company, name))
    names["sessions"][name] = "; ".join(f"{key}={morsel.value}" for key, morsel in client.cookies.items())
print(json.dumps(names))
"""
