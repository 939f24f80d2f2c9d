"""How each address of surveys is tried: one of IT, that asks Sales by name."""

from datetime import timedelta

from django.utils import timezone

from feedback.surveys.models import Campaign, Survey, SurveyAnswer, SurveyVersion
from tests.security.probes import Probe


def _soon() -> str:
    return (timezone.localdate() + timedelta(days=7)).isoformat()


def _made(model, **values):
    return lambda _world, _names, _letter: model.objects.filter(**values).exists()


def _stands_at(name: str, state: str):
    return lambda _world, names, _letter: Campaign.objects.get(pk=names[name]).state == state


def _answered(world, names, letter: str) -> bool:
    return SurveyAnswer.objects.filter(campaign=names["campaign_open"], person=world.person(letter)).exists()


def _named_anew(_world, names, _letter) -> bool:
    return Campaign.objects.get(pk=names["campaign_draft"]).title == "Asked anew"


_SURVEY, _OPEN, _CLOSED = {"pk": "{survey}"}, {"pk": "{campaign_open}"}, {"pk": "{campaign_closed}"}
_DRAFT = {"pk": "{campaign_draft}"}
_NEW = {"title": "Asked anew", "department": "it"}
_ASK = {"title": "Asked anew", "anonymous": "no", "departments": "sales", "closes_on": _soon}
_ASK_API = {"title": "Asked anew", "departments": lambda: ["sales"], "anonymous": False, "closes_on": _soon}
_QUESTION = {"kind": "text", "text_en": "Asked anew?"}
_QUESTIONS = {"questions": lambda: [{"key": "q9", "kind": "text", "text": {"en": "Asked anew?"}}]}


def _steps(name: str, step: str, state: str) -> list[Probe]:
    pk, effect = f"{{{name}}}", _stands_at(name, state)
    return [
        Probe("feedback.configure", "api:campaign_steps", "post", {"pk": pk}, {"step": step}, effect=effect),
        Probe("feedback.configure", "surveys:step", "post", {"pk": pk, "name": step}, {}, effect=effect),
    ]


SURVEYS = [
    *(Probe("everybody", route) for route in ("surveys:list", "api:campaigns")),
    *(Probe("everybody", route, path=_OPEN) for route in ("surveys:campaign", "api:campaign")),
    Probe("survey.make", "surveys:new"),
    Probe("survey.make", "api:surveys"),
    # Other heads do not find IT among their own departments on the page.
    Probe("feedback.configure", "surveys:new", "post", {}, _NEW, effect=_made(Survey, title="Asked anew"), refusals=(400, 403)),
    Probe("feedback.configure", "api:surveys", "post", {}, _NEW, effect=_made(Survey, title="Asked anew")),
    *(Probe("feedback.configure", f"surveys:{route}", path=_SURVEY)
      for route in ("survey", "preview", "new_question", "new_campaign")),
    Probe("feedback.configure", "api:survey", path=_SURVEY),
    Probe("feedback.configure", "surveys:question", path={**_SURVEY, "key": "q1"}),
    Probe("feedback.configure", "surveys:rearrange", path={**_SURVEY, "key": "q1", "how": "remove"}),
    Probe("feedback.configure", "surveys:new_question", "post", _SURVEY, _QUESTION, effect=_made(SurveyVersion, number=2)),
    Probe("feedback.configure", "surveys:question", "post", {**_SURVEY, "key": "q1"}, _QUESTION,
          effect=_made(SurveyVersion, number=2)),
    Probe("feedback.configure", "surveys:rearrange", "post", {**_SURVEY, "key": "q1", "how": "down"}, {},
          effect=_made(SurveyVersion, number=2)),
    Probe("feedback.configure", "api:survey", "put", _SURVEY, _QUESTIONS, effect=_made(SurveyVersion, number=2)),
    Probe("feedback.configure", "surveys:new_campaign", "post", _SURVEY, _ASK, effect=_made(Campaign, title="Asked anew")),
    Probe("feedback.configure", "api:survey_campaigns", "post", _SURVEY, _ASK_API, effect=_made(Campaign, title="Asked anew")),
    Probe("feedback.configure", "surveys:change_campaign", path=_DRAFT),
    Probe("feedback.configure", "surveys:change_campaign", "post", _DRAFT, {**_ASK, "revision": "1"}, effect=_named_anew),
    Probe("feedback.configure", "api:campaign", "put", _DRAFT, _ASK_API, effect=_named_anew),
    *_steps("campaign_open", "close", "closed"),
    Probe("survey.answer", "surveys:answer", path=_OPEN),
    Probe("survey.answer", "surveys:answer", "post", _OPEN, {"q1": "4"}, effect=_answered),
    Probe("survey.answer", "api:campaign_answer", "put", _OPEN, {"answers": lambda: {"q1": 4}}, effect=_answered),
    *(Probe("feedback.view_aggregate", route, path=_CLOSED)
      for route in ("surveys:results", "surveys:export", "api:campaign_results")),
]  # fmt: skip
