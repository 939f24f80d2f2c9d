"""How each address of talks is tried: IT talks to its customer Sales; the talk that goes the other way has begun."""

from feedback.talks.ics import feed_key
from feedback.talks.models import Talk, TalkItem, TalkSeries
from requests_app.org.models import Person
from tests.security.probes import Probe

_SERIES, _PLANNED, _BEGUN = {"pk": "{talk_series}"}, {"pk": "{talk_planned}"}, {"pk": "{talk_begun}"}
_FREE, _TASK = {"pk": "{talk_free}"}, {"pk": "{talk_task}"}
_RHYTHM = {"every_weeks": 0, "minutes": 45, "zone": "Europe/Berlin"}
_ARRANGE = {"kind": "customer", "department": "it", "other": "legal", **_RHYTHM}
_ARRANGE_API = {"kind": "customer", "supplier": "it", "customer": "legal", "every_weeks": 0}
_LATER = "2027-01-05T10:00"


def stands_at(name: str, state: str):
    return lambda _world, names, _letter: Talk.objects.get(pk=names[name]).state == state


def there(model: type, **values):
    return lambda _world, _names, _letter: model.objects.filter(**values).exists()


def _key() -> str:
    return feed_key(Person.objects.get(email="sofia.supplier@example.test"))


def _step(name: str, path: dict, words: dict, effect) -> list[Probe]:
    return [
        Probe("talk.lead", "talks:step", "post", {**path, "name": name}, words, effect=effect),
        Probe("talk.lead", "api:meeting_steps", "post", path, {"step": name, **words}, effect=effect),
    ]


def _line(kind: str, words: dict, action: str = "talk.write") -> list[Probe]:
    effect = there(TalkItem, kind=kind, text=words["text"])
    return [
        Probe(action, "talks:line", "post", {**_BEGUN, "kind": kind}, words, effect=effect),
        Probe(action, "api:meeting_lines", "post", _BEGUN, {"kind": kind, **words}, effect=effect),
    ]


TALKS = [
    *(Probe("everybody", route) for route in ("talks:list", "api:meetings", "api:meeting_series")),
    Probe("everybody", "talks:of_department", path={"slug": "it", "side": "supplier"}),
    Probe("everybody", "api:meetings_of_department", path={"slug": "it"}),
    Probe("talk.open_form", "talks:new"),
    Probe("talk.arrange", "talks:new", "post", {}, _ARRANGE, effect=there(TalkSeries, customer__slug="legal"),
          refusals=(403, 400)),
    Probe("talk.arrange", "api:meeting_series", "post", {}, _ARRANGE_API,
          effect=there(TalkSeries, customer__slug="legal")),
    Probe("talk.feed", "talks:feed", path={"key": _key}),
    *(Probe("talk.read", route, path=_SERIES) for route in ("talks:series", "api:meeting_one_series")),
    *(Probe("talk.read", route, path=_PLANNED) for route in ("talks:talk", "talks:live", "talks:pdf", "talks:ics", "api:meeting")),
    Probe("talk.lead", "api:meeting_one_series", "patch", _SERIES, {"minutes": lambda: 17},
          effect=there(TalkSeries, minutes=17)),
    Probe("talk.lead", "talks:change", path=_SERIES),
    Probe("talk.lead", "talks:change", "post", _SERIES, {**_RHYTHM, "is_active": "on"},
          effect=there(TalkSeries, minutes=45)),
    Probe("talk.lead", "talks:plan", "post", _FREE, {"starts_at": _LATER}, effect=there(Talk, series__minutes=31)),
    Probe("talk.lead", "api:meeting_plan", "post", _FREE, {"starts_at": f"{_LATER}:00Z"},
          effect=there(Talk, series__minutes=31)),
    *_step("begin", _PLANNED, {}, stands_at("talk_planned", "begun")),
    *_step("cancel", _PLANNED, {"reason": "Fair week"}, stands_at("talk_planned", "cancelled")),
    *_step("end", _BEGUN, {}, stands_at("talk_begun", "held")),
    *_line("own", {"text": "The new printer"}),
    *_line("decision", {"text": "One list for both"}),
    *_line("correction", {"text": "Deliveries without a note"}, "talk.lead"),
    Probe("talk.minutes", "talks:minutes", "post", {**_BEGUN, "side": "supplier"}, {"text": "We listened"},
          effect=there(Talk, notes_supplier="We listened")),
    Probe("talk.minutes", "api:meeting_minutes", "put", _BEGUN, {"side": "supplier", "text": "We listened"},
          effect=there(Talk, notes_supplier="We listened")),
    *(Probe("talk.finish", route, "post", _TASK, {}, effect=there(TalkItem, kind="task", done_at__isnull=False))
      for route in ("talks:done", "api:meeting_task_done")),
]  # fmt: skip
