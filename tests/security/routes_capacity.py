"""How each address of logged work, hours and absences is tried."""

from requests_app.capacity.models import Absence, ContractHours
from requests_app.desk.models import WorkLog
from tests.security.probes import Probe

ONE, IT = {"number": "{number}"}, {"slug": "it"}
SA = frozenset({"SA"})  # that is the agent whose absence it is
_DAYS = {"kind": "duty", "first": "2027-05-03", "last": "2027-05-04"}
_HOURS = {"person": "{agent}"}


def logged(_world, names, _letter) -> bool:
    return WorkLog.objects.filter(person__email=names["me"], seconds=420).exists()


def entered(name: str):
    return lambda _world, names, _letter: Absence.objects.filter(person__email=names[name], kind="duty").exists()


def withdrawn(_world, names, _letter) -> bool:
    return not Absence.objects.filter(pk=names["absence"]).exists()


def stated(_world, names, _letter) -> bool:
    return ContractHours.objects.filter(person__email=names["agent"], minutes=1230).exists()


CAPACITY = [
    Probe("comment.view_internal", "api:worklogs", path=ONE),
    Probe("comment.add_internal", "api:worklogs", "post", ONE, {"minutes": 7}, violated=("archived",), effect=logged),
    Probe("comment.add_internal", "desk:work", "post", ONE, {"minutes": "7"}, violated=("archived",), effect=logged),
    *(Probe("everybody", route) for route in ("capacity:mine", "api:absences")),
    *(
        Probe("everybody", route, "post", {}, _DAYS, effect=entered("me"))
        for route in ("capacity:mine", "api:absences")
    ),
    Probe(
        "absence.enter", "api:absences", "post", {}, {**_DAYS, "person": "{agent}"}, effect=entered("agent"), skip=SA
    ),
    Probe("hours.set", "capacity:department", path=IT),
    Probe("hours.set", "capacity:department", "post", IT, {**_DAYS, "person": "{agent}"}, effect=entered("agent")),
    Probe("hours.set", "capacity:hours", "post", IT, {**_HOURS, "hours": "20.5"}, effect=stated),
    Probe("hours.set", "api:hours", path=IT),
    Probe("hours.set", "api:hours", "post", IT, {**_HOURS, "minutes": 1230}, effect=stated),
    Probe("absence.withdraw", "capacity:withdraw", "post", {"pk": "{absence}"}, {}, effect=withdrawn, skip=SA),
    Probe("absence.withdraw", "api:absence", "delete", {"pk": "{absence}"}, effect=withdrawn, skip=SA),
    Probe("metrics.cross_department_named", "api:figures-capacity", path=IT),
]
