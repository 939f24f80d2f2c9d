"""How each address of needs is tried: what Rita of Sales needs of IT."""

from feedback.needs.models import Need, NeedRating, NeedSource
from tests.security.probes import Probe

_NEED, _ANALYSED = {"pk": "{need}"}, {"pk": "{need_analysed}"}
_WEIGHED = {"note": "Seven a head", "urgency": lambda: 2, "importance": lambda: 3}
_ASIDE = {"note": "Too dear"}
_NEW = {"title": "Needed anew", "department": "it", "customers": lambda: ["sales"]}
_RATED = {"importance": lambda: 5, "satisfaction": lambda: 2}
_TALK = {"kind": "talk", "text": "With Sales, in May"}


def _there(model, **values):
    return lambda _world, _names, _letter: model.objects.filter(**values).exists()


def _stands_at(name: str, state: str):
    return lambda _world, names, _letter: Need.objects.get(pk=names[name]).state == state


def _steps(action: str, name: str, step: str, state: str, words: dict) -> list[Probe]:
    pk, effect = f"{{{name}}}", _stands_at(name, state)
    return [
        Probe(action, "api:need_steps", "post", {"pk": pk}, {"step": step, **words}, effect=effect),
        Probe(action, "needs:step", "post", {"pk": pk, "name": step}, words, effect=effect),
    ]


NEEDS = [
    *(Probe("everybody", route) for route in ("needs:list", "api:needs")),
    Probe("everybody", "needs:board", path={"slug": "it"}),
    Probe("need.propose", "needs:new"),
    *(Probe("need.propose_for_sales", route, "post", {}, _NEW, effect=_there(Need, title="Needed anew"))
      for route in ("api:needs",)),
    Probe("need.propose", "needs:new", "post", {}, {"title": "Needed anew", "department": "facilities", "customers": lambda: ["sales"]},
          effect=_there(Need, title="Needed anew"), skip=frozenset({"U", "WT", "OA", "OH", "SA", "AS", "SH"})),
    *(Probe("need.read", route, path=_NEED) for route in ("needs:need", "api:need")),
    *_steps("need.work", "need", "analyse", "analysed", _WEIGHED),
    *_steps("need.decide", "need_analysed", "set_aside", "set_aside", _ASIDE),
    Probe("need.change", "needs:change", path=_NEED),
    Probe("need.change", "needs:change", "post", _NEED, {"title": "Said better", "text": "", "customers": lambda: ["sales"]},
          effect=_there(Need, title="Said better")),
    Probe("need.change", "api:need", "patch", _NEED, {"title": "Said better"}, effect=_there(Need, title="Said better")),
    *(Probe("need.change", route, "post", _NEED, _TALK, effect=_there(NeedSource, words="With Sales, in May"))
      for route in ("needs:source", "api:need_sources")),
    Probe("need.change", "needs:drop_source", "post", {"pk": "{need}", "source_pk": "{need_source}"}, {},
          effect=lambda _world, names, _letter: not NeedSource.objects.filter(pk=names["need_source"]).exists()),
    Probe("need.rate", "needs:rate", "post", _NEED, _RATED, effect=_there(NeedRating, satisfaction=2)),
    Probe("need.rate", "api:need_rating", "post", _NEED, _RATED, effect=_there(NeedRating, satisfaction=2)),
]  # fmt: skip
