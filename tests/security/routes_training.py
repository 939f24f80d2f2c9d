"""How each address of training is tried: a course of IT; Rita of Sales is signed up, was there, holds a certificate."""

from datetime import timedelta

from django.utils import timezone

from feedback.training.models import Attempt, Course, Recommendation, Session, Signup
from tests.security.probes import Probe


def _day(days: int = 9) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def _made(model, **values):
    return lambda _world, _names, _letter: model.objects.filter(**values).exists()


def _sits(world, names, letter: str) -> bool:
    return Signup.objects.filter(session=names["training"], person=world.person(letter), state="seated").exists()


def _left(world, names, _letter: str) -> bool:
    return Signup.objects.filter(session=names["training"], person=world.company.requester, state="withdrawn").exists()


def _was_there(_world, names, _letter: str) -> bool:
    return Signup.objects.get(pk=names["training_unrecorded"]).attended is True


def _ended(_world, names, _letter: str) -> bool:
    return Recommendation.objects.get(pk=names["recommendation"]).ended_at is not None


def _unrecorded() -> list[int]:
    return list(
        Signup.objects.filter(attended=None, session__starts_at__lt=timezone.now()).values_list("pk", flat=True)
    )


def _course() -> int:
    return Course.objects.get(name="Serving each other").pk


_KEEP = "feedback.configure"
_COURSE, _SESSION, _HELD = ({"pk": f"{{{name}}}"} for name in ("course", "training", "training_held"))
_NEW = {"name": "Anew", "department": "it", "hours": "2", "valid_months": "12", "pass_percent": "80"}
_NEW_API = {"name": "Anew", "department": "it", "hours": lambda: 2, "valid_months": lambda: 12}
_PLAN = {"day": _day, "begins": "09:00", "ends": "10:00", "zone": "Europe/Berlin", "place": "Anew", "seats": "3",
         "trainer": "{agent}"}  # fmt: skip
_PLAN_API = {"course": _course, "starts_at": lambda: f"{_day()}T09:00:00Z", "ends_at": lambda: f"{_day()}T10:00:00Z",
             "zone": "Europe/Berlin", "place": "Anew", "seats": lambda: 3, "trainer": "{agent}"}  # fmt: skip

TRAINING = [
    *(Probe("everybody", route) for route in ("training:list", "api:courses", "api:trainings", "api:certificates")),
    *(Probe("everybody", route, path=_COURSE) for route in ("training:course", "api:course")),
    *(Probe("everybody", route, path=_SESSION) for route in ("training:session", "training:calendar", "api:training")),
    Probe("everybody", "training:department", path={"slug": "sales"}),
    Probe("everybody", "api:training_coverage", query="department=sales"),
    Probe("everybody", "training:check", path={"pk": "{certificate}", "signature": "{certificate_signature}"}),
    Probe("training.hold", "training:new_course"),
    # Other heads do not find IT among their own departments on the page.
    Probe(_KEEP, "training:new_course", "post", {}, _NEW, effect=_made(Course, name="Anew"), refusals=(400, 403)),
    Probe(_KEEP, "api:courses", "post", {}, _NEW_API, effect=_made(Course, name="Anew")),
    Probe(_KEEP, "training:edit_course", path=_COURSE),
    Probe(_KEEP, "training:edit_course", "post", _COURSE, _NEW, effect=_made(Course, name="Anew")),
    Probe(_KEEP, "training:new_session", path=_COURSE),
    Probe(_KEEP, "training:new_session", "post", _COURSE, _PLAN, effect=_made(Session, place="Anew")),
    Probe(_KEEP, "api:trainings", "post", {}, _PLAN_API, effect=_made(Session, place="Anew")),
    *(Probe(_KEEP, route, "post", _SESSION, {}, effect=_made(Session, cancelled_at__isnull=False))
      for route in ("training:cancel", "api:training_cancel")),
    Probe(_KEEP, "api:course", "patch", _COURSE, {"name": "Anew"}, effect=_made(Course, name="Anew")),
    Probe(_KEEP, "training:change_session", path=_SESSION),
    Probe(_KEEP, "training:change_session", "post", _SESSION, {**_PLAN, "version": "0"}, effect=_made(Session, place="Anew")),
    Probe(_KEEP, "api:training", "patch", _SESSION, {"place": "Anew"}, effect=_made(Session, place="Anew")),
    Probe("everybody", "api:training_recommendations"),
    *(Probe("training.attend", route, "post", _SESSION, {}, effect=_sits, skip=frozenset({"RQ"}))  # who sits already
      for route in ("training:sign_up", "api:training_sign_up")),
    Probe("training.of_requester", "training:withdraw", "post", _SESSION, {"person": "{requester_pk}"}, effect=_left),
    Probe("training.of_requester", "api:training_withdraw", "post", _SESSION, {"person": "{requester}"}, effect=_left),
    Probe("training.record", "training:attendance", "post", _HELD, {"there": "{training_unrecorded}"}, effect=_was_there),
    Probe("training.record", "api:training_attendance", "post", _HELD, {"present": _unrecorded}, effect=_was_there),
    *(Probe("training.own_test", route, path={"pk": "{training_test}"}) for route in ("training:test", "api:training_test")),
    Probe("training.own_test", "training:test", "post", {"pk": "{training_test}"}, {"q0": "1", "q1": "0"},
          effect=_made(Attempt, right=1)),
    Probe("training.own_test", "api:training_test", "post", {"pk": "{training_test}"},
          {"answers": lambda: [[1], [0]]}, effect=_made(Attempt, right=1)),
    Probe("training.certificate", "training:certificate", path={"pk": "{certificate}"}),
    *(Probe("training.dismiss", route, "post", {"pk": "{recommendation}"}, {}, effect=_ended)
      for route in ("training:dismiss", "api:training_dismiss")),
]  # fmt: skip
