"""What has to be there for a call of the API: a company, a request, and what the call prepares."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from feedback.actions.causes import propose_cause
from feedback.actions.proof import add_files
from feedback.asking.services import rate_asking
from feedback.asking.states import Asking
from feedback.awards.models import Nominee, Programme, Tally, Weight
from feedback.ratings.services import give_rating
from feedback.ratings.states import Answer
from feedback.training.models import Course
from feedback.training.services import sign_up
from feedback.voice.discussing import add_post
from metrics.charts.models import Chart, Signal
from metrics.exports.services import ask as take_along
from metrics.exports.services import carry_out
from metrics.improvement.services import add_action
from metrics.reports.services import subscribe
from metrics.whatif.services import ask as replay
from requests_app.agreements.models import Agreement
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.conversation import add_watcher, attach, post_message
from requests_app.desk.services.handoffs import offer_handoff
from requests_app.org.models import Person
from requests_app.org.services import issue_token
from tests.api_calls import AWARD, BALLOT, TRAINING, Call
from tests.factories import Company, accept, awards, deliver, file_laptop
from tests.factories.actions import brought_to, cause_of, opened
from tests.factories.agreements import drafted, proposed, signed
from tests.factories.capacity import away
from tests.factories.chain import wall_check
from tests.factories.forum import replied
from tests.factories.groups import asked as group_asked
from tests.factories.groups import at_work, meets, met, seat_of, tasked
from tests.factories.improvements import planned
from tests.factories.needs import needed
from tests.factories.surveys import closed as survey_closed
from tests.factories.surveys import opened as survey_opened
from tests.factories.surveys import prepared as survey_prepared
from tests.factories.surveys import survey_of
from tests.factories.talks import arranged, begun, task_at
from tests.factories.training import attended, course_of, recommended, session_of
from tests.factories.voices import said

# What only some calls prepare: the paths of all are filled in, though nothing is there under this id.
UNPREPARED = dict.fromkeys(
    [
        "handoff", "absence", "action", "proof", "cause", "voice", "post", "talk", "task", "series", "course",
        "training", "trained", "programme", "award", "voted", "signup", "recommendation", "need", "topic",
        "topic_reply", "group", "seat", "group_task", "group_meeting", "survey", "campaign_draft", "campaign", "run",
        "export", "report", "improvement", "line"
    ],
    1,
)  # fmt: skip


@dataclass
class Stage:
    """A company with a request that has a bit of everything, and the names that the paths need."""

    company: Company
    names: dict[str, Any]
    service_request: ServiceRequest

    def person(self, call: Call) -> Person:
        return getattr(self.company, call.by)

    def path(self, call: Call) -> str:
        return "/api/v1/" + call.path.format(**self.names)

    def make(self, client: APIClient, call: Call, **options):
        body = {"files": [text_file()]} if call.files else call.body
        if body is not None:
            options |= {"data": body, "format": "multipart" if call.files else "json"}
        return getattr(client, call.method)(self.path(call), **options)


def text_file(name: str = "note.txt", content: bytes = b"hello") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/plain")


def stage(company: Company, prepare: str = "") -> Stage:
    """The request is new, unless the call asks for more."""
    row = file_laptop(company)
    file = attach(by=company.requester, service_request=row, files=[text_file()])[0]
    post_message(by=company.requester, service_request=row, body="Please hurry")
    add_watcher(by=company.requester, service_request=row, person=company.watcher)
    row.refresh_from_db()
    token, _text = issue_token(by=company.stranger, name="old")
    names = UNPREPARED | {
        "number": row.number,
        "file": file.pk,
        "token": token.pk,
        "agreement": Agreement.objects.get().pk,
        "watcher": company.watcher.email,
        "colleague": company.colleague.email,
    }
    if prepare:
        names |= PREPARATIONS[prepare](company, row)
        row.refresh_from_db()
    return Stage(company, names, row)


def _accept(company: Company, row: ServiceRequest) -> dict[str, Any]:
    accept(company, row)
    return {}


def _deliver(company: Company, row: ServiceRequest) -> dict[str, Any]:
    deliver(company, row)
    return {}


def _offer(company: Company, row: ServiceRequest) -> dict[str, Any]:
    accept(company, row)
    handoff = offer_handoff(by=company.assigned, service_request=row, to=company.facilities, reason="Yours")
    return {"handoff": handoff.pk}


def _subscribed(company: Company) -> int:
    asked = {"subject": "supplier", "form": "csv", "rhythm": "weekly", "span": "30"}
    return subscribe(by=company.supplier_head, department=company.it, **asked).pk


def _signalled(company: Company) -> dict[str, Any]:
    chart = Chart.objects.create(department=company.it, side="supplier", figure="resolution_time")
    Signal.objects.create(chart=chart, week=date(2026, 1, 5), rule=1, verdict="worse")
    return {}


def _exported(company: Company) -> int:
    days = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}
    return carry_out(take_along(by=company.agent, department=company.it, side="supplier", **days)).pk


def _replayed(company: Company, _row: ServiceRequest) -> dict[str, Any]:
    agreement = signed(company)
    days = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}
    return {"agreement": agreement.pk, "run": replay(by=company.supplier_head, agreement=agreement, **days).pk}


def _improvement(company: Company, _row: ServiceRequest) -> dict[str, Any]:
    row = planned(company)
    words = {"what": "Draw it up", "owner": company.agent, "due_on": row.effective_on}
    return {"improvement": row.pk, "line": add_action(by=company.supplier_head, improvement=row, **words).pk}


def _talk(company: Company, _row: ServiceRequest) -> dict[str, Any]:
    """One under way, and the series of another kind in which none is planned."""
    talk, series = begun(company), arranged(company, "supplier", every_weeks=0)
    return {"talk": talk.pk, "task": task_at(company, talk).pk, "series": series.pk}


def _planned(company: Company, row: ServiceRequest) -> dict[str, Any]:
    action = brought_to(company, "planned", row)
    return {"action": action.pk, "proof": add_files(by=company.assigned, action=action, files=[text_file()])[0].pk}


def _asked(company: Company, row: ServiceRequest) -> dict[str, Any]:
    rate_asking(by=company.assigned, service_request=deliver(company, row), asking=Asking(True, False, True))
    return {}


def _rated(company: Company, row: ServiceRequest) -> dict[str, Any]:
    answer = Answer(2, comment="It came late.", share_with_team=True)
    give_rating(by=company.requester, service_request=deliver(company, row), answer=answer)
    return {}


def _training(company: Company, _row: ServiceRequest) -> dict[str, Any]:
    session = session_of(company)
    sign_up(by=company.requester, session=session)
    return {"course": session.course_id, "training": session.pk}


def _only_course(company: Company, _row: ServiceRequest) -> dict[str, Any]:
    """Under the id that the body of the call names: bodies hold no names."""
    Course.objects.filter(pk=course_of(company).pk).update(id=TRAINING["course"])
    return {"course": TRAINING["course"]}


def _trained(company: Company, _row: ServiceRequest) -> dict[str, Any]:
    signup = attended(company, course=Course.objects.first())  # one may be there already
    return {"trained": signup.session_id, "signup": signup.pk}


def _award(company: Company, _row: ServiceRequest) -> dict[str, Any]:
    award = awards.opened(company)
    return {"programme": award.programme_id, "award": award.pk}


def _only_programme(company: Company, _row: ServiceRequest) -> dict[str, Any]:
    """Under the id that the body of the call names."""
    awards.judged_figures(company)
    programme, named = awards.programme_of(company), AWARD["programme"]
    Programme.objects.filter(pk=programme.pk).update(id=named)
    Weight.objects.filter(programme_id=programme.pk).update(programme_id=named)
    return {"programme": named}


def _voted(company: Company, _row: ServiceRequest) -> dict[str, Any]:
    """A nominee under the id that the body of the call names."""
    award = awards.voting(company, awards.opened(company, awards.programme_of(company, name="Voted on")))
    nominee, named = awards.nominee_of(award, company.it), BALLOT["nominee"]
    Nominee.objects.filter(pk=nominee).update(id=named)
    Tally.objects.filter(nominee_id=nominee).update(nominee_id=named)
    return {"voted": award.pk}


def _recommended(company: Company, _row: ServiceRequest) -> dict[str, Any]:
    return {"recommendation": recommended(company, company.it, course=Course.objects.first()).pk}


def _group(company: Company, _row: ServiceRequest) -> dict[str, Any]:
    """At work, with a task, a wall check under way, and a member who has nothing to do."""
    group = at_work(company)
    group_asked(company, group)
    idle = seat_of(group, company.customer_head).pk
    return {"group": group.pk, "group_task": tasked(company, group).pk, "seat": idle}


def _topic(company: Company, _row: ServiceRequest) -> dict[str, Any]:
    made = replied(company)
    return {"topic": made.topic_id, "topic_reply": made.pk}


def _posted(company: Company, _row: ServiceRequest) -> dict[str, Any]:
    voice = said(company, "suggestion")
    return {"voice": voice.pk, "post": add_post(by=company.requester, voice=voice, body="In summer too").pk}


PREPARATIONS: dict[str, Callable[[Company, ServiceRequest], dict[str, Any]]] = {
    "accept": _accept,
    "deliver": _deliver,
    "offer": _offer,
    "absence": lambda company, _row: {"absence": away(company).pk},
    "draft": lambda company, _row: {"agreement": drafted(company).pk},
    "proposal": lambda company, _row: {"agreement": proposed(company).pk},
    "signed": lambda company, _row: {"agreement": signed(company).pk},
    "replayed": _replayed,
    "talk": _talk,
    "need": lambda company, _row: {"need": needed(company).pk},
    "group": _group,
    "topic": _topic,
    "group_met": lambda company, _row: {"group_meeting": meets(company, at_work(company)).pk},
    "group_held": lambda company, _row: {"group_meeting": met(company, at_work(company)).pk},
    "post": _posted,
    "voice": lambda company, _row: {"voice": said(company, "suggestion").pk},
    "training": _training,
    "only_course": _only_course,
    "recommended": _recommended,
    "trained": _trained,
    "award": _award,
    "only_programme": _only_programme,
    "voted": _voted,
    "exported": lambda company, _row: {"export": _exported(company)},
    "survey": lambda company, _row: {"survey": survey_of(company).pk},
    "campaign_draft": lambda company, _row: {"campaign_draft": survey_prepared(company).pk},
    "campaign": lambda company, _row: {"campaign": survey_opened(company, anonymous=False).pk},
    "campaign_closed": lambda company, _row: {
        "campaign": survey_closed(company, survey_opened(company, anonymous=False)).pk
    },
    "subscribed": lambda company, _row: {"report": _subscribed(company)},
    "signalled": lambda company, _row: _signalled(company),
    "improvement": _improvement,
    "action": lambda company, row: {"action": opened(company, row).pk},
    "planned": _planned,
    "asked": _asked,
    "rated": _rated,
    "cause": lambda _company, _row: {"cause": cause_of().pk},
    "wall_check": lambda company, _row: {"campaign": wall_check(company, [(1, 1, 1, 4, 4)] * 6).pk},
    "proposed": lambda company, _row: {"cause": propose_cause(by=company.agent, name="Nobody knew").pk},
}


def read_to_the_end(answer) -> bytes:
    """The body; a file that is being sent is closed with it. (answer.close() would close the test's connection.)"""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
