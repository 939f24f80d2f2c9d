"""The filters of a list of requests, as they stand in the address."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from requests_app.agreements.states import PRIORITY
from requests_app.catalogue.models import Service
from requests_app.catalogue.policies import visible_services
from requests_app.desk.selectors.lists import Wanted
from requests_app.desk.states import Status, pk_of
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing
from requests_app.org.selectors import departments_for, people_for

ANY = "any"
SORT_WORDS = {
    "due": _("Due first"),
    "priority": _("Most pressing first"),
    "newest": _("Newest first"),
    "oldest": _("Oldest first"),
}


@dataclass(frozen=True)
class Chip:
    """A filter that is on, for {% chips %}."""

    name: str
    words: str
    param: str
    value: str | None = None


@dataclass(frozen=True)
class Option:
    """One choice of the filter panel, and whether it is on."""

    value: str
    words: str
    on: bool


@dataclass(frozen=True)
class Select:
    name: str
    words: str
    choices: tuple[Option, ...]


@dataclass(frozen=True)
class Panel:
    """Everything that one can choose from, as values that can be compared; `kept` else stands in the address."""

    status: tuple[Option, ...]
    priority: tuple[Option, ...]
    selects: tuple[Select, ...]
    kept: tuple[tuple[str, str], ...]


Choices = Sequence[tuple[str, str]]
PANEL = frozenset({"status", "priority"})
SEARCH = frozenset({"q", "sort"})


def _several(model: type, label: str) -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        label=label, queryset=model.objects.all(), to_field_name="slug", required=False
    )


class ListForm(forms.Form):
    """Every filter may be given, alone or together; several values of one are alternatives."""

    status = forms.MultipleChoiceField(label=_("Status"), choices=[*Status.choices, (ANY, _("Any"))], required=False)
    priority = forms.TypedMultipleChoiceField(
        label=_("Priority"), choices=list(PRIORITY.items()), coerce=int, required=False
    )
    customer = _several(Department, _("Customer"))
    supplier = _several(Department, _("Supplier"))
    service = _several(Service, _("Service"))
    assignee = forms.CharField(label=_("Agent"), max_length=254, required=False)
    asked = forms.ChoiceField(label=_("Asked by"), choices=[("", ""), ("me", _("me"))], required=False)
    overdue = forms.BooleanField(label=_("Overdue"), required=False)
    due = forms.ChoiceField(label=_("Due"), choices=[("", ""), ("today", _("today"))], required=False)
    waits = forms.BooleanField(label=_("Waiting for the customer"), required=False)
    offered = forms.BooleanField(label=_("Offered to us"), required=False)
    q = forms.CharField(label=_("Search"), max_length=200, required=False)
    sort = forms.ChoiceField(label=_("Sort"), choices=list(SORT_WORDS.items()), required=False)
    cursor = forms.CharField(max_length=400, required=False)

    def __init__(
        self,
        data: QueryDict,
        *,
        person: Person,
        offers: Mapping[str, Choices] | None = None,
        also: tuple[str, ...] = (),
        sort: str = "due",
    ):
        """`offers`: what the panel lets choose from, name → (value, words). `also`: parameters of others."""
        super().__init__(data)
        self.person, self.usual_sort, self.offers = person, sort, offers or {}
        if standing(person).is_partner:  # what is hidden from partners is as unknown to them as what is not there
            self.fields["service"].queryset = visible_services(person)
            for name in ("customer", "supplier"):
                self.fields[name].queryset = departments_for(person)
        self.unknown = sorted(set(data) - self.fields.keys() - set(also))

    def clean(self) -> dict[str, Any]:
        if self.unknown:
            words = _("There is no filter “%(name)s”. Take it out of the address.")
            raise forms.ValidationError(words % {"name": self.unknown[0][:60]})
        return self.cleaned_data

    def clean_assignee(self) -> Person | str:
        """me, nobody, or an e-mail address."""
        typed = self.cleaned_data["assignee"].strip()
        if typed in ("", "nobody"):
            return typed
        if typed == "me":
            return self.person
        found = people_for(self.person).filter(email__iexact=typed).first()
        if found is None:
            raise forms.ValidationError(_("Nobody here has this address. Give me, nobody or an e-mail address."))
        return found

    def wanted(self, *, usual_any: bool = False) -> Wanted:
        """The filters as the selector takes them; of a form that is not valid, nothing but the order.

        `usual_any`: without a status every status is meant, not only what is open.
        """
        data = self.cleaned_data if self.is_valid() else {}
        assignee = data.get("assignee")
        statuses = tuple(data.get("status", ()))
        return Wanted(
            status=tuple(status for status in statuses if status != ANY),
            any_status=ANY in statuses or (usual_any and not statuses),
            priority=tuple(data.get("priority", ())),
            customer=self._ids(data, "customer"),
            supplier=self._ids(data, "supplier"),
            service=self._ids(data, "service"),
            assignee=assignee.pk if isinstance(assignee, Person) else None,
            nobody=assignee == "nobody",
            asked_by=self.person.pk if data.get("asked") else None,
            overdue=bool(data.get("overdue")),
            due_today=bool(data.get("due")),
            waits=bool(data.get("waits")),
            q=data.get("q", ""),
            sort=data.get("sort") or self.usual_sort,
            cursor=data.get("cursor", ""),
        )

    def _ids(self, data: Mapping[str, Any], name: str) -> tuple[int, ...]:
        """Nothing is asked of the database for what nobody asked for."""
        return tuple(row.pk for row in data.get(name, ())) if name in self.data else ()

    @property
    def asks_for_offers(self) -> bool:
        return self.is_valid() and self.cleaned_data["offered"]

    # ── What the panel and the search box draw ──

    @property
    def panel(self) -> Panel:
        return Panel(
            status=self._options("status", [*Status.choices, (ANY, _("Any"))]),
            priority=self._options("priority", [(str(level), words) for level, words in PRIORITY.items()]),
            selects=tuple(
                Select(name, str(self.fields[name].label), self._options(name, choices))
                for name, choices in self.offers.items()
            ),
            kept=tuple(self._kept(PANEL | self.offers.keys())),
        )

    @property
    def sort_choices(self) -> list[Option]:
        chosen = self.data.get("sort") or self.usual_sort
        return [Option(code, str(words), code == chosen) for code, words in SORT_WORDS.items()]

    def _options(self, name: str, choices: Choices) -> tuple[Option, ...]:
        on = set(self.data.getlist(name))
        return tuple(Option(value, str(words), value in on) for value, words in choices)

    @property
    def typed_words(self) -> str:
        return self.data.get("q", "")

    @property
    def kept_beside_search(self) -> list[tuple[str, str]]:
        return self._kept(SEARCH)

    def _kept(self, left_out: Set[str]) -> list[tuple[str, str]]:
        """What else stands in the address, so that one form does not undo the other."""
        names = [name for name in self.data if name not in left_out | {"cursor"}]
        return [(name, value) for name in names for value in self.data.getlist(name) if value]

    @property
    def chips(self) -> list[Chip]:
        if not self.is_valid():
            return []
        data = self.cleaned_data
        words = dict(Status.choices) | {ANY: _("any")}
        found = [Chip(str(_("Status")), str(words[code]), "status", code) for code in data["status"]]
        found += [Chip(str(_("Priority")), str(PRIORITY[level]), "priority", str(level)) for level in data["priority"]]
        for name in ("customer", "supplier", "service"):
            if name in self.data:
                label = str(self.fields[name].label)
                found += [Chip(label, row.name, name, row.slug) for row in data[name]]
        return found + self._single_chips(data)

    def _single_chips(self, data: Mapping[str, Any]) -> list[Chip]:
        found = []
        if data["assignee"]:
            words = {"nobody": _("nobody"), self.person: _("me")}.get(data["assignee"], data["assignee"])
            found.append(Chip(str(_("Agent")), str(words), "assignee"))
        for name, words in (("asked", _("me")), ("due", _("today"))):
            if data[name]:
                found.append(Chip(str(self.fields[name].label), str(words), name))
        for name in ("overdue", "waits", "offered"):
            if data[name]:
                found.append(Chip(str(self.fields[name].label), str(_("yes")), name))
        if data["q"]:
            found.append(Chip(str(_("Words")), data["q"], "q"))
        return found


class BulkForm(forms.Form):
    """What to do with the requests that were ticked, by number."""

    MOST = 100
    act = forms.ChoiceField(choices=[("take", _("Take")), ("assign", _("Assign"))])
    assignee = forms.ModelChoiceField(queryset=Person.objects.none(), to_field_name="email", required=False)
    back = forms.CharField(required=False, max_length=2000)

    def __init__(self, data: QueryDict, *, agents: Any):
        super().__init__(data)
        self.fields["assignee"].queryset = agents
        self.picked = [pk for number in data.getlist("pick")[: self.MOST] if (pk := pk_of(number)) is not None]

    def clean(self) -> dict[str, Any]:
        if not self.picked:
            raise forms.ValidationError(_("Tick at least one request first."))
        if self.cleaned_data.get("act") == "assign" and not self.cleaned_data.get("assignee"):
            self.add_error("assignee", _("Choose who is to work on them."))
        return self.cleaned_data
