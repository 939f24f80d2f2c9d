"""What is typed about departments, people and oneself."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from requests_app.kernel.forms import EditForm, ZoneField, long_text
from requests_app.kernel.versions import fingerprint
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing
from requests_app.org.selectors import below, departments_to_edit, held_roles
from requests_app.org.services import (
    DEPARTMENT_FIELDS,
    MOST_DAYS,
    NOT_ONES_OWN,
    PERSON_FIELDS,
    STRUCTURE,
    snapshot,
)
from requests_app.org.states import DepartmentKind, Role, Who

LANGUAGES = list(settings.LANGUAGES)
USUAL_DAYS = 90


def _line(label: Promise, longest: int, help_text: Promise | str = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=longest, required=required)


def _yes_or_no(label: Promise, help_text: Promise | str = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=help_text, required=False)


def _password(label: Promise) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, max_length=200, strip=False, widget=widget)


def department_choice(label: Promise, *, required: bool = True) -> forms.ModelChoiceField:
    """One of the departments that are set on `queryset`, by short name."""
    return forms.ModelChoiceField(
        label=label, queryset=Department.objects.none(), to_field_name="slug", required=required,
        empty_label=_("Choose …"),
    )  # fmt: skip


class DepartmentForm(EditForm):
    """`calendars` are (id as text, name): calendars lie above departments, so whoever shows the form names them."""

    name = _line(_("Name"), 120, required=True)
    slug = forms.SlugField(
        label=_("Short name"),
        help_text=_("For addresses: small letters, digits and hyphens. Addresses with an old one stop working."),
        max_length=60,
        required=False,
    )
    parent = department_choice(_("Belongs to"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=DepartmentKind.choices, widget=forms.RadioSelect)
    mission = long_text(_("What it is there for"), _("One or two sentences; others read them beside its services."))
    calendar = forms.ChoiceField(
        label=_("Working calendar"),
        help_text=_("Its targets count the hours of this calendar, from the next request on."),
        required=False,
    )
    time_zone = ZoneField(help_text=_("When a day begins and ends in its figures."))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    cost_centre = _line(_("Cost centre"), 40)
    is_active = _yes_or_no(_("Active"), _("A closed department is asked nothing new and keeps its history."))

    def __init__(
        self,
        data: Any = None,
        *,
        by: Person,
        calendars: Sequence[tuple[str, str]],
        department: Department | None = None,
    ):
        super().__init__(data, initial=_department_values(department))
        self.department = department
        self.fields["calendar"].choices = [("", _("The company's calendar")), *calendars]
        self.fields["parent"].empty_label = _("Nothing: it stands at the top")
        if standing(by).is_admin:
            inside = below(department) if department else []
            self.fields["parent"].queryset = departments_to_edit(by).exclude(pk__in=inside)
        else:
            for name in (*STRUCTURE, "parent"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        if "slug" in self.fields and "slug" not in self.errors:
            self._clean_short_name()
        return self.cleaned_data

    def _clean_short_name(self) -> None:
        wanted = (self.cleaned_data.get("slug") or slugify(self.cleaned_data.get("name", ""))[:60]).lower()
        if not wanted and "name" not in self.errors:
            self.add_error("slug", _("Write a short name of small letters, digits and hyphens."))
        self.cleaned_data["slug"] = wanted

    def wanted(self) -> dict[str, Any]:
        """What save_department takes."""
        calendar = self.cleaned_data["calendar"]
        return self.values("calendar") | {"calendar_id": int(calendar) if calendar else None}


def _department_values(department: Department | None) -> dict[str, Any]:
    if department is None:
        usual = {"kind": DepartmentKind.INTERNAL, "language": "en", "is_active": True}
        return usual | {"time_zone": settings.COMPANY_TIME_ZONE}
    values = snapshot(department, DEPARTMENT_FIELDS)
    return values | {
        "parent": department.parent.slug if department.parent else "",
        "calendar": str(department.calendar_id or ""),
        "version": fingerprint(values),
    }


class AgentForm(forms.Form):
    """Somebody becomes an agent of the department, or is none any more."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The e-mail address of a colleague who is to work on its requests."),
        max_length=254,
    )
    agent = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, department: Department):
        super().__init__(data, auto_id="agent_%s")
        self.department = department

    def clean_email(self) -> Person:
        return _somebody(self.cleaned_data["email"])

    def wanted(self) -> dict[str, Any]:
        """What set_hats takes: the hats as they are, with or without that of an agent."""
        person, agent = self.cleaned_data["email"], {Role.AGENT.value}
        held = held_roles(person, self.department)
        roles = held | agent if self.cleaned_data["agent"] else held - agent
        return {"person": person, "department": self.department, "roles": roles}


def _somebody(email: str) -> Person:
    found = Person.objects.filter(email__iexact=email, is_active=True).first()
    if found is None:
        raise forms.ValidationError(_("Nobody here has this address. An administrator adds new people."))
    return found


class PeopleFilter(forms.Form):
    """How the list of people is narrowed, as it stands in the address."""

    q = forms.CharField(label=_("Name or address"), max_length=200, required=False)
    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.order_by("name"), to_field_name="slug", required=False,
        empty_label=_("All departments"),
    )  # fmt: skip
    who = forms.ChoiceField(label=_("Who"), choices=[("", _("Everybody with access")), *Who.choices], required=False)
    cursor = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)

    def wanted(self) -> dict[str, str]:
        """What people_in_settings takes; a filter that is not one narrows nothing and says so."""
        found = self.cleaned_data if self.is_valid() else {}
        department = found.get("department")
        return {
            "q": found.get("q", ""),
            "department": department.slug if department else "",
            "who": found.get("who", ""),
        }


class PersonForm(EditForm):
    """One's own address and roles are not for oneself to set, so their fields are missing there."""

    name = _line(pgettext_lazy("person", "Name"), 120, required=True)
    email = forms.EmailField(label=_("E-mail address"), help_text=_("They sign in with it."), max_length=254)
    position = _line(_("Position"), 120)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("As their browser asks")), *LANGUAGES], required=False
    )
    time_zone = ZoneField(empty=_("The company's"))
    is_admin = _yes_or_no(_("Administrator"), _("Sets up departments, people, services, targets and calendars."))
    is_executive = _yes_or_no(_("Executive"), _("Reads the figures of all departments."))
    is_auditor = _yes_or_no(_("Auditor"), _("Reads everything but what is confidential, changes nothing."))

    def __init__(self, data: Any = None, *, by: Person, person: Person | None = None):
        values = snapshot(person, PERSON_FIELDS) if person else {}
        super().__init__(data, initial=values | ({"version": fingerprint(values)} if person else {}))
        self.is_own = person is not None and person.pk == by.pk
        if self.is_own:
            for name in set(NOT_ONES_OWN) & self.fields.keys():
                del self.fields[name]


class NewPersonForm(PersonForm):
    department = department_choice(_("Department"), required=False)
    role = forms.ChoiceField(
        label=_("What they are there"),
        choices=Role.choices,
        initial=Role.MEMBER,
        required=False,
    )
    sign_in = forms.ChoiceField(
        label=_("How they sign in"),
        choices=[
            ("link", _("Send them a link to choose a password")),
            ("password", _("I set a first password")),
            ("later", _("Not yet, or by single sign-on")),
        ],
        initial="link",
        widget=forms.RadioSelect,
    )
    password = _password(_("First password"))

    field_order = (
        "version", "name", "email", "department", "role", "position", "language", "time_zone", "sign_in", "password",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, by: Person):
        super().__init__(data, by=by)
        self.fields["department"].queryset = departments_to_edit(by).filter(is_active=True)
        self.fields["department"].help_text = _("They ask for it unless they say otherwise.")
        self.fields["password"].required = False
        self.fields["password"].help_text = _("Only when you set it. Tell it to them in person; they can change it.")

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if found.get("sign_in") == "password":
            _check_password(self, Person(email=found.get("email", ""), name=found.get("name", "")))
        else:
            found["password"] = ""
        return found

    def wanted(self) -> dict[str, Any]:
        """What add_person takes."""
        found = self.cleaned_data
        return self.values("role", "sign_in", "password") | {
            "roles": {found["role"]} if found["role"] else set(),
            "password": found["password"] or None,
        }


def _check_password(form: forms.Form, person: Person) -> None:
    typed = form.cleaned_data.get("password")
    if not typed and "password" not in form.errors:
        form.add_error("password", _("Write the first password, or choose another way to sign in."))
    elif typed:
        try:
            validate_password(typed, person)
        except forms.ValidationError as error:
            form.add_error("password", error)


class PasswordForm(forms.Form):
    """A new password for somebody, set by an administrator."""

    password = _password(_("New password"))

    def __init__(self, data: Any = None, *, person: Person):
        super().__init__(data)
        self.person = person
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        _check_password(self, self.person)
        return self.cleaned_data


class HatsForm(forms.Form):
    """What a person is in one department; nothing ticked means: not of it any more."""

    department = department_choice(_("Department"))
    roles = forms.MultipleChoiceField(
        label=_("What they are there"), choices=Role.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    home = _yes_or_no(_("Asks for this department unless said otherwise"))

    def __init__(self, data: Any = None, *, by: Person, **options: Any):
        super().__init__(data, **options)
        self.fields["department"].queryset = departments_to_edit(by)

    def wanted(self) -> dict[str, Any]:
        return self.cleaned_data | {"roles": set(self.cleaned_data["roles"])}


class ProfileForm(EditForm):
    """What everybody says of themselves."""

    name = _line(pgettext_lazy("person", "Name"), 120, _("As colleagues know you."), required=True)
    position = _line(_("Position"), 120)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("As the browser asks")), *LANGUAGES], required=False
    )
    time_zone = ZoneField(empty=_("The company's"), help_text=_("Dates and times are shown in it."))

    def __init__(self, data: Any = None, *, person: Person):
        values = snapshot(person, PERSON_FIELDS)
        super().__init__(data, initial=values | {"version": fingerprint(values)})


class TokenForm(forms.Form):
    """A token for a program that acts for oneself."""

    name = _line(_("What it is for"), 80, required=True)
    days = forms.IntegerField(
        label=_("Days it lasts"), min_value=1, max_value=MOST_DAYS, initial=USUAL_DAYS, widget=forms.NumberInput
    )
    reads = forms.ChoiceField(
        label=_("What it may do"),
        choices=[("yes", _("Only read")), ("no", _("All that you may do"))],
        initial="yes",
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None):
        super().__init__(data, auto_id="token_%s")

    def wanted(self) -> dict[str, Any]:
        """What issue_token takes."""
        found = self.cleaned_data
        return {"name": found["name"], "days": found["days"], "read_only": found["reads"] == "yes"}
