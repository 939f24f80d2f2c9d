"""Which requests a figure of `metrics` was made of, for the list of requests."""

from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.process import selectors as process
from metrics.rollups import policies, selectors
from metrics.rollups.ages import AGES
from metrics.rollups.definitions import DEFINITIONS, Definition
from metrics.rollups.kinds import kind_words, kinds_asked
from metrics.rollups.selectors.rows import CHOICES
from metrics.rollups.states import Period, Scope, Side
from metrics.themes import selectors as themes
from requests_app.desk.selectors.lists import Wanted
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Department, Person
from requests_app.org.selectors import below, get_department
from servicedesk.pages.behind import Behind, Figures


def register() -> None:
    Figures.find = staticmethod(behind)


def behind(person: Person, params: dict[str, str], wanted: Wanted) -> Behind | None:
    """What the address names, or None. How many there are in all is told only to whom the figure itself is."""
    if params["figure"] in OTHERWISE:
        return OTHERWISE[params["figure"]](person, params, wanted)
    definition = DEFINITIONS.get(params["figure"])
    if definition is None or not _makes_sense(params, definition):
        return None
    if definition.personal and params["part"]:
        return None  # who rated low stands on no list
    department = get_department(person=person, slug=params["department"]) if params["department"] else None
    sight = policies.sight_of(person, department) if department else policies.sight_of_company(person)
    scope, minded = _scope(params, department, wanted)
    key, narrowed = definition.key, {"part": params["part"], "age": params["age"]}
    where = department.name if department else _("the company")
    told = policies.may_count(person, sight, scope, personal=definition.personal)
    return Behind(
        words=" · ".join([_words(definition, where, params["age"]), *kind_words(scope.kinds)]),
        request_ids=selectors.request_ids_behind(scope, key, **narrowed),
        n=selectors.count_behind(scope, key, **narrowed) if told else None,
        handoffs=selectors.handoffs_behind(scope, key, part=narrowed["part"]) if told else None,
        minded=minded,
        params={name: value for name, value in params.items() if value},
    )


def _makes_sense(params: dict[str, str], definition: Definition) -> bool:
    """Only open work has an age."""
    ages = ("", *AGES) if definition.is_snapshot else ("",)
    sided = params["side"] in ("", *Side.ALL)
    return sided and params["part"] in ("", *CHOICES) and params["age"] in ages


def _words(definition: Definition, where: str, age: str) -> str:
    words = _("%(figure)s of %(department)s") % {"figure": definition.label, "department": where}
    return f"{words}: {AGES[age].words}" if age else words


def _of_process(person: Person, params: dict[str, str], wanted: Wanted) -> Behind | None:
    """The requests that took a path, a step or a detour. How many in all is for whoever sees the figures in full."""
    part = params["part"]
    words = process.words_of(part)
    if words is None or params["side"] not in Side.ALL or not params["department"]:
        return None
    department = get_department(person=person, slug=params["department"])
    in_full = policies.sight_of(person, department) == policies.Sight.FULL
    scope, minded = _scope(params, department, wanted)
    return Behind(
        words=_("%(figure)s of %(department)s") % {"figure": words, "department": department.name},
        request_ids=process.request_ids_behind(scope, part),
        n=process.count_behind(scope, part) if in_full else None,
        minded=minded,
        params={name: value for name, value in params.items() if value},
    )


def _of_need(person: Person, params: dict[str, str], _wanted: Wanted) -> Behind | None:
    """Similar requests, as they were last found. How many in all is for whoever sees the figures in full."""
    if not params["department"]:
        return None
    department = get_department(person=person, slug=params["department"])
    need = themes.need_of(department, params["part"])
    if need is None:
        return None
    in_full = policies.sight_of(person, department) == policies.Sight.FULL
    return Behind(
        words=themes.words_of_need(need) if in_full else _("Asked for again and again"),
        request_ids=themes.requests_of_need(need),
        n=need.n if in_full else None,
        params={name: value for name, value in params.items() if value},
    )


OTHERWISE = {"process": _of_process, "recurring": _of_need}


def _scope(params: dict[str, str], department: Department | None, wanted: Wanted) -> tuple[Scope, frozenset[str]]:
    """What the figure was counted over, and which of the filters of the list are in that already.

    One service or priority is the figure's own; of several each request of the figure is asked as it is today.
    """
    zone = ZoneInfo(department.time_zone if department else settings.COMPANY_TIME_ZONE)
    side = params["side"] or Side.SUPPLIER
    ids = None if department is None else (department.pk,) if params["only"] else tuple(below(department))
    other = "customer" if side == Side.SUPPLIER else "supplier"
    minded = {other, *(name for name in ("service", "priority") if len(getattr(wanted, name)) == 1)}
    scope = Scope(
        side, ids, _period(params), timezone.now(), zone,
        other_ids=getattr(wanted, other) or None,
        service_id=wanted.service[0] if "service" in minded else None,
        priority=wanted.priority[0] if "priority" in minded else None,
        **kinds_asked(params),
    )  # fmt: skip
    return scope, frozenset(minded)


def _period(params: dict[str, str]) -> Period:
    days = {}
    for name in ("from", "to"):
        try:
            days[name] = date.fromisoformat(params[name])
        except ValueError:
            raise WrongInput({name: [_("Give a date such as 2026-11-24.")]}) from None
    if not 1900 <= days["from"].year <= days["to"].year < 2200 or days["from"] >= days["to"]:
        raise WrongInput({"to": [_("Give a later day than “from”: “to” is the day after the last one.")]})
    return Period(days["from"], days["to"])
