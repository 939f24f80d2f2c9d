"""How each address of what people say is tried: Rita of Sales says it to IT, complaints about a request of hers."""

from feedback.actions.models import CorrectiveAction
from feedback.voice.models import Post, Voice
from tests.security.probes import Probe

# An executive reads a complaint only on appeal; that one is tried by itself.
NO_APPEAL = frozenset({"EX"})


def said(**values):
    return lambda _world, _names, _letter: Voice.objects.filter(**values).exists()


def stands_at(name: str, state: str):
    return lambda _world, names, _letter: Voice.objects.get(pk=names[name]).state == state


def _steps(action: str, name: str, step: str, state: str, note: dict, **more) -> list[Probe]:
    pk, effect = f"{{{name}}}", stands_at(name, state)
    return [
        Probe(action, "api:voice_steps", "post", {"pk": pk}, {"step": step, **note}, effect=effect, **more),
        Probe(action, "voice:step", "post", {"pk": pk, "name": step}, note, effect=effect, **more),
    ]


def _posted(_world, _names, _letter) -> bool:
    return Post.objects.filter(body="Even at six").exists()


def _post_gone(_world, names, _letter) -> bool:
    return Post.objects.get(pk=names["post"]).withdrawn_at is not None


_NOTE = {"note": "We looked into it"}
_SUGGEST = {"kind": "suggestion", "title": "Open earlier", "department": "it"}
_PRAISE = {"kind": "praise", "title": "Well done", "department": "it"}
_COMPLAIN = {"kind": "complaint", "title": "It took weeks"}

VOICES = [
    *(Probe("everybody", route) for route in ("voice:list", "voice:new", "api:voices")),
    *(Probe("everybody", route, path={"pk": "{suggestion}"}) for route in ("voice:voice", "api:voice")),
    *(Probe("complaint.view", route, path={"pk": "{complaint}"}, skip=NO_APPEAL) for route in ("voice:voice", "api:voice")),
    *(Probe("complaint.view", route, path={"pk": "{appealed}"}) for route in ("voice:voice", "api:voice")),
    *(Probe("complaint.view_in_confidence", route, path={"pk": "{in_confidence}"}) for route in ("voice:voice", "api:voice")),
    *(Probe("everybody", route, path={"pk": "{suggestion}"}) for route in ("api:voice_posts",)),
    *(Probe("voice.discuss", route, "post", {"pk": "{suggestion}"}, {"body": "Even at six"}, effect=_posted)
      for route in ("voice:post", "api:voice_posts")),
    *(Probe("voice.withdraw_post", route, "post", {"pk": "{suggestion}", "post": "{post}"}, {}, effect=_post_gone)
      for route in ("voice:withdraw_post", "api:voice_post_withdraw")),
    *(Probe("voice.say", route, "post", {}, _SUGGEST, effect=said(title="Open earlier")) for route in ("voice:new", "api:voices")),
    *(Probe("voice.praise", route, "post", {}, _PRAISE, effect=said(title="Well done")) for route in ("voice:new", "api:voices")),
    Probe("complaint.file", "voice:new_of_request", path={"number": "{number}"}),
    Probe("complaint.file", "voice:new_of_request", "post", {"number": "{number}"}, _COMPLAIN,
          effect=said(title="It took weeks")),
    Probe("complaint.file", "api:voices", "post", {}, {**_COMPLAIN, "request": "{number}"},
          effect=said(title="It took weeks"), skip=NO_APPEAL),  # whose token only reads, which is said first
    *_steps("complaint.propose_closure", "complaint", "answer", "answered", _NOTE),
    *_steps("complaint.accept_closure", "answered", "accept", "closed", {}),
    *_steps("voice.appeal", "answered", "appeal", "appealed", _NOTE),
    *_steps("voice.appeal", "late", "escalate", "appealed", _NOTE),
    *_steps("complaint.decide_appeal", "appealed", "decide", "decided", _NOTE),
    *_steps("complaint.withdraw", "complaint", "withdraw", "withdrawn", {}),
    *_steps("voice.decide", "suggestion", "take_up", "taken_up", _NOTE),
    *_steps("voice.withdraw", "praise", "withdraw", "withdrawn", {}),
    Probe("voice.vote", "voice:vote", "post", {"pk": "{suggestion}"}, {"wanted": "yes"}, effect=said(votes=1)),
    Probe("voice.vote", "api:voice_vote", "post", {"pk": "{suggestion}"}, {"wanted": True}, effect=said(votes=1)),
    Probe("voice.correct", "voice:correct", "post", {"pk": "{complaint}"}, {},
          effect=lambda _w, names, _l: CorrectiveAction.objects.filter(source_id=names["complaint"]).exists()),
]  # fmt: skip
