"""What the page of all figures is narrowed by: read from the address, offered in the form, said in words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from metrics.rollups import policies
from metrics.rollups.kinds import KINDS, kinds_asked
from metrics.rollups.policies import Sight
from metrics.rollups.states import Side
from requests_app.agreements.states import PRIORITY
from requests_app.catalogue.models import Service
from requests_app.catalogue.policies import visible_services
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Department, Person
from requests_app.org.selectors import departments_for, slugs_below

FIELDS = ("other", "service", "priority", *KINDS)


@dataclass(frozen=True)
class Choice:
    value: str
    words: str
    on: bool


@dataclass(frozen=True)
class Select:
    """A field of the form; `every` says that nothing is chosen."""

    name: str
    words: str
    every: str
    choices: list[Choice]


@dataclass(frozen=True)
class Chip:
    """A filter that is on, and the parameter that takes it away."""

    name: str
    words: str
    param: str
    value: str | None = None


@dataclass(frozen=True)
class Narrowed:
    """`others`: id → slug of the department named on the other side and of those below it."""

    side: str
    other: Department | None = None
    others: Mapping[int, str] = field(default_factory=dict)
    service: Service | None = None
    priority: int | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)

    @property
    def scope(self) -> dict[str, Any]:
        """As a scope of figures takes it."""
        return {
            "other_ids": tuple(self.others) or None,
            "service_id": self.service.pk if self.service else None,
            "priority": self.priority,
            **self.kinds,
        }

    @property
    def link(self) -> dict[str, Any]:
        """As the address of the list behind a figure takes it."""
        other = "customer" if self.side == Side.SUPPLIER else "supplier"
        service = self.service.slug if self.service else None
        return {other: list(self.others.values()), "service": service, "priority": self.priority, **self.kinds}

    @property
    def finer(self) -> bool:
        return self.service is not None or self.priority is not None or bool(self.kinds)

    @property
    def values(self) -> dict[str, str]:
        """Field → what is chosen, as it stands in the address."""
        named = {
            "other": self.other.slug if self.other else "",
            "service": self.service.slug if self.service else "",
            "priority": str(self.priority or ""),
            **self.kinds,
        }
        return {name: value for name, value in named.items() if value}


def narrowed_by(person: Person, side: str, given: Mapping[str, str]) -> Narrowed:
    """WrongInput names the field and what it takes. A query for each department or service that is named."""
    priority = given.get("priority", "")
    if priority and priority not in map(str, PRIORITY):
        raise WrongInput({"priority": [_("Choose one of: %(c)s.") % {"c": ", ".join(map(str, PRIORITY))}]})
    kinds = kinds_asked(given)
    other = _other(person, given.get("other", ""))
    return Narrowed(
        side=side,
        other=other,
        others=slugs_below(other) if other else {},
        service=_service(person, given.get("service", "")),
        priority=int(priority) if priority else None,
        kinds=kinds,
    )


def _other(person: Person, slug: str) -> Department | None:
    found = departments_for(person).filter(slug=slug).first() if slug else None
    if slug and found is None:
        raise WrongInput({"other": [_("There is no such department. Choose one from the list.")]})
    return found


def _service(person: Person, slug: str) -> Service | None:
    found = visible_services(person).filter(slug=slug).first() if slug else None
    if slug and found is None:
        raise WrongInput({"service": [_("There is no such service. Choose one from the list.")]})
    return found


# ── The form ─────────────────────────────────────────────────────────────────


def selects_for(
    person: Person, department: Department, own: Iterable[int], sight: Sight, narrowed: Narrowed
) -> list[Select]:
    """What this reader may narrow by: in outline by departments of their own, and by nothing else. Two queries."""
    chosen = narrowed.values
    words = other_words(narrowed.side)
    others = departments_for(person).exclude(pk=department.pk)
    if sight != Sight.FULL:
        others = others.filter(pk__in=policies.own_departments(person))
    found = [_select("other", words, _every_other(narrowed.side), others.values_list("slug", "name"), chosen)]
    if sight != Sight.FULL:
        return found
    services = visible_services(person)
    if narrowed.side == Side.SUPPLIER:
        services = services.filter(department_id__in=own)
    offered = dict(services.order_by("name", "pk").values_list("slug", "name"))
    if narrowed.service:
        offered.setdefault(narrowed.service.slug, narrowed.service.name)
    found.append(_select("service", _("Service"), _("All services"), offered.items(), chosen))
    levels = [(str(level), name) for level, name in PRIORITY.items()]
    found.append(_select("priority", _("Priority"), _("All priorities"), levels, chosen))
    return found + [_select(name, kind.label, kind.every, kind.choices, chosen) for name, kind in KINDS.items()]


def other_words(side: str) -> str:
    return _("Customer") if side == Side.SUPPLIER else _("Supplier")


def _every_other(side: str) -> str:
    return _("All customers") if side == Side.SUPPLIER else _("All suppliers")


def _select(
    name: str,
    words: str | Promise,
    every: str | Promise,
    choices: Iterable[tuple[str, str | Promise]],
    chosen: Mapping[str, str],
) -> Select:
    found = [Choice(value, str(said), chosen.get(name) == value) for value, said in choices]
    return Select(name, str(words), str(every), found)


def chips_of(narrowed: Narrowed) -> Iterator[Chip]:
    """What the figures are narrowed by, each with the parameter that takes it away."""
    if narrowed.other:
        yield Chip(other_words(narrowed.side), narrowed.other.name, "other")
    if narrowed.service:
        yield Chip(_("Service"), narrowed.service.name, "service")
    if narrowed.priority:
        yield Chip(_("Priority"), str(PRIORITY[narrowed.priority]), "priority")
    for name, value in narrowed.kinds.items():
        yield Chip(str(KINDS[name].label), str(dict(KINDS[name].choices)[value]), name)
