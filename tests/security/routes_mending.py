"""How the addresses of ratings beyond the rating itself, of proof and of recurrence are tried."""

from feedback.actions.models import ActionFile, Cause
from feedback.asking.models import AskingRating
from feedback.ratings.models import RatingReply, RatingRules
from tests.api_stage import text_file
from tests.security.probes import Probe

_ONE, _IT = {"number": "{number}"}, {"slug": "it"}
_ASKED = {"complete": "yes", "in_time": "no", "right_place": "yes"}
_TOLD = {"complete": True, "in_time": False, "right_place": True}
_WORD = {"text": "We lend a spare one."}


def there(model: type, **values):
    return lambda _world, _names, _letter: model.objects.filter(**values).exists()


def _taken_away(_world, names, _letter) -> bool:
    return not ActionFile.objects.filter(pk=names["proof"]).exists()


_FILES = {"files": lambda: [text_file("proof.txt")]}
MENDING = [
    # How it was asked: said by who worked on it, which here is who was assigned.
    Probe("asking.rate", "asking:request", path=_ONE, state="closed"),
    Probe("asking.rate", "asking:request", "post", _ONE, _ASKED, state="closed", effect=there(AskingRating)),
    Probe("asking.rate", "api:asking", "post", _ONE, _TOLD, state="closed", effect=there(AskingRating)),
    Probe("asking.read", "api:asking", path=_ONE, state="asked"),
    # Words about a rating that was shared; who rated answers to words only.
    Probe("rating.read_shared", "ratings:reply", path=_ONE, state="rated"),
    Probe("rating.answer", "ratings:reply", "post", _ONE, _WORD, state="rated", refusals=(400,), effect=there(RatingReply)),
    Probe("rating.answer", "api:rating_replies", "post", _ONE, _WORD, state="rated", refusals=(409,),
          skip=frozenset({"AU"}),  # whose token only reads, which is said first
          effect=there(RatingReply)),
    # How often people are asked is the company's to say.
    Probe("rules.asking", "settings:ratings"),
    Probe("rules.asking", "settings:ratings", "post", {}, {"rest_days": "7", "campaign_rest_days": "14"} | {
        f"share_{slug}": "100" for slug in ("badge", "laptop", "department", "private", "confidential")
    }, effect=there(RatingRules, rest_days=7)),
    Probe("rules.asking", "api:rating_rules"),
    Probe("rules.asking", "api:rating_rules", "patch", {}, {"rest_days": 7}, effect=there(RatingRules, rest_days=7)),
    # Proof is read by who reads the whole action, and added by who works on it.
    Probe("everybody", "actions:board"),
    Probe("action.read_in_full", "actions:file", path={"pk": "{proof}"}),
    Probe("action.take_away", "actions:remove_file", "post", {"pk": "{proof}"}, {}, effect=_taken_away),
    Probe("action.take_away", "api:corrective_action_one_file", "delete", {"pk": "{proof}"}, effect=_taken_away),
    Probe("action.read_in_full", "api:corrective_action_file", path={"pk": "{proof}"}),
    Probe("cap.update_progress", "actions:files", "post", {"pk": "{action_open}"}, _FILES, effect=there(ActionFile, name="proof.txt")),
    Probe("cap.update_progress", "api:corrective_action_files", "post", {"pk": "{action_open}"}, _FILES,
          effect=there(ActionFile, name="proof.txt")),
    Probe("everybody", "api:cause", path={"pk": "{cause}"}),
    Probe("cause.edit", "api:cause", "patch", {"pk": "{cause}"}, {"name": "Nobody knew"},
          effect=there(Cause, name="Nobody knew")),
    # The recurrence rate of a department, as its other figures.
    Probe("metrics.cross_department_named", "mending:recurrence", path=_IT),
    Probe("metrics.cross_department_named", "api:figures-recurrence", path=_IT),
]  # fmt: skip
