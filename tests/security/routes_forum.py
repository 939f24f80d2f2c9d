"""How each address of the forum is tried: Sales asked IT, and an agent of IT replied."""

from feedback.forum.models import Follow, Reply, Topic
from tests.security.probes import Probe

_TOPIC, _REPLY = {"pk": "{topic}"}, {"pk": "{topic_reply}"}
_ANSWERED, _OTHER = {"pk": "{topic_answered}"}, {"pk": "{topic_other}"}
_NEW, _WORDS, _WHY = {"title": "Asked anew", "kind": "question"}, {"body": "Said anew"}, {"reason": "Said twice"}


def _there(model: type, **values):
    return lambda _world, _names, _letter: model.objects.filter(**values).exists()


def _follows(world, names, letter) -> bool:
    return Follow.objects.filter(topic=names["topic_other"], person=world.person(letter)).exists()


def _shown(model: type, name: str):
    return lambda _world, names, _letter: model.objects.get(pk=names[name]).hidden_at is None


def _no_longer(_world, names, _letter) -> bool:
    return Topic.objects.get(pk=names["topic_answered"]).answer_id is None


FORUM = [
    *(Probe("everybody", route) for route in ("forum:list", "api:forum")),
    *(Probe("everybody", route, path=_TOPIC) for route in ("forum:topic", "api:topic", "api:topic_replies")),
    Probe("forum.speak", "forum:new"),
    *(Probe("forum.speak", route, "post", {}, _NEW, effect=_there(Topic, title="Asked anew"))
      for route in ("forum:new", "api:forum")),
    *(Probe("forum.speak", route, "post", _TOPIC, _WORDS, effect=_there(Reply, body="Said anew"))
      for route in ("forum:reply", "api:topic_replies")),
    Probe("forum.mark", "forum:mark", "post", {"pk": "{topic}", "reply_pk": "{topic_reply}"}, {},
          effect=lambda _world, names, _letter: Topic.objects.get(pk=names["topic"]).answer_id is not None),
    Probe("forum.mark", "forum:unmark", "post", _ANSWERED, {}, effect=_no_longer),
    Probe("forum.mark", "api:topic_answer", "post", _ANSWERED, {"reply": lambda: None}, effect=_no_longer),
    *(Probe("forum.speak", route, "post", _OTHER, {"wanted": lambda: True}, effect=_follows)
      for route in ("forum:follow", "api:topic_follow")),
    *(Probe("forum.hide", route, "post", _TOPIC, _WHY, effect=_there(Topic, hidden_reason="Said twice"))
      for route in ("forum:hide", "api:topic_hide")),
    *(Probe("forum.hide", route, "post", _REPLY, _WHY, effect=_there(Reply, hidden_reason="Said twice"))
      for route in ("forum:hide_reply", "api:reply_hide")),
    *(Probe("forum.show", route, "post", {"pk": "{topic_hidden}"}, {}, effect=_shown(Topic, "topic_hidden"))
      for route in ("forum:show", "api:topic_show")),
    *(Probe("forum.show_reply", route, "post", {"pk": "{reply_hidden}"}, {}, effect=_shown(Reply, "reply_hidden"))
      for route in ("forum:show_reply", "api:reply_show")),
    Probe("forum.edit", "api:topic", "patch", _TOPIC, {"title": "Better"}, effect=_there(Topic, title="Better")),
    Probe("everybody", "api:topic_reply", path=_REPLY),
    Probe("forum.edit_reply", "api:topic_reply", "patch", _REPLY, _WORDS, effect=_there(Reply, body="Said anew")),
    Probe("forum.edit", "forum:edit", path=_TOPIC),
    Probe("forum.edit", "forum:edit", "post", _TOPIC, {"title": "Better", "body": ""},
          effect=_there(Topic, title="Better")),
    Probe("forum.edit_reply", "forum:edit_reply", path=_REPLY),
    Probe("forum.edit_reply", "forum:edit_reply", "post", _REPLY, _WORDS, effect=_there(Reply, body="Said anew")),
]  # fmt: skip
