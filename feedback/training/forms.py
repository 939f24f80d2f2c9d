"""Courses, sessions, tests and attendance as they are typed on pages."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from feedback.actions.causes import cause_tree
from feedback.training.models import Course, Session
from feedback.training.states import (
    LONGEST_NAME,
    LONGEST_WHERE,
    MOST_HOURS,
    MOST_MONTHS,
    MOST_SEATS,
    Answer,
    questions_of,
    read_questions,
    written,
)
from requests_app.kernel.forms import ZoneField, long_text
from requests_app.org.models import Department, Person

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class CourseForm(forms.Form):
    """A course with its test; the questions are typed as text, so no script is needed."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    text = long_text(_("What is learnt"), rows=5)
    hours = forms.IntegerField(label=_("Hours"), min_value=1, max_value=MOST_HOURS, initial=2)
    valid_months = forms.IntegerField(
        label=_("Valid for months"), min_value=1, max_value=MOST_MONTHS, initial=24,
        help_text=_("How long a certificate holds."),
    )  # fmt: skip
    pass_percent = forms.IntegerField(
        label=_("Pass mark, %"), min_value=1, max_value=100, initial=80,
        help_text=_("The share of questions to be answered rightly."),
    )  # fmt: skip
    questions = forms.CharField(
        label=_("Questions of the short test"), required=False, max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("A question in one line; below it each answer, right ones behind *, others behind -. An empty line "
                    "between questions. Without questions whoever was there gets the certificate."),
    )  # fmt: skip
    is_active = forms.BooleanField(label=_("Is held"), required=False, initial=True)
    version = forms.IntegerField(required=False, min_value=0, max_value=10**9, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, course: Course | None = None, departments: Any):
        super().__init__(data, initial=_typed(course) if course else None)
        self.fields["department"] = forms.ModelChoiceField(
            label=_("Held by"), queryset=departments, to_field_name="slug", empty_label=_("Choose …")
        )
        tree = {str(twig.cause.pk): twig for twig in cause_tree()}
        self.causes = {pk: twig.cause for pk, twig in tree.items()}
        self.fields["causes"] = forms.MultipleChoiceField(
            label=_("Recommended after these causes"), required=False,
            choices=[(pk, twig.path) for pk, twig in tree.items()], widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip

    def clean_questions(self) -> list:
        found, wrong = read_questions(self.cleaned_data["questions"])
        if wrong:
            raise forms.ValidationError(wrong)
        return found

    def clean_causes(self) -> list:
        return [self.causes[pk] for pk in self.cleaned_data["causes"]]


def _typed(course: Course) -> dict[str, Any]:
    kept = {
        name: getattr(course, name) for name in ("name", "text", "hours", "valid_months", "pass_percent", "is_active")
    }
    return kept | {
        "questions": written(questions_of(course.questions)), "department": course.department.slug,
        "causes": [str(pk) for pk in course.causes.values_list("pk", flat=True)], "version": course.version,
    }  # fmt: skip


class SessionForm(forms.Form):
    """A day with its hours in a named zone, which give two instants."""

    day = forms.DateField(label=_("Day"), widget=DAY)
    begins = forms.TimeField(label=_("From"), widget=CLOCK)
    ends = forms.TimeField(label=_("Until"), widget=CLOCK)
    zone = ZoneField()
    place = forms.CharField(label=_("Place"), required=False, max_length=LONGEST_WHERE)
    link = forms.URLField(
        label=_("Link"), required=False, max_length=LONGEST_WHERE, assume_scheme="https",
        help_text=_("A place, a link, or both."),
    )  # fmt: skip
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=MOST_SEATS, initial=12)

    def __init__(self, data: Any = None, *, department: Department, trainers: Any, initial: dict | None = None):
        zone = {"zone": department.time_zone}
        super().__init__(data, initial=zone | (initial or {}))
        self.fields["trainer"] = forms.ModelChoiceField(
            label=_("Trainer"), queryset=trainers, to_field_name="email", empty_label=_("Choose …")
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if {"day", "begins", "ends", "zone"} <= values.keys():
            for name, clock in (("starts_at", "begins"), ("ends_at", "ends")):
                self._at(values, name, clock)
        return values

    def _at(self, values: dict[str, Any], name: str, clock: str) -> None:
        """The instant; an hour that the clocks skip that night is refused."""
        zone = ZoneInfo(values["zone"])
        if not 1900 <= values["day"].year < 2200:
            self.add_error("day", _t("Give a date from 1900 to 2199."))
            return
        local = datetime.combine(values["day"], values[clock], zone)
        there_and_back = local.astimezone(UTC).astimezone(zone)
        if there_and_back.replace(tzinfo=None) != local.replace(tzinfo=None):
            self.add_error(clock, _t("The clocks skip this hour on that day. Choose another one."))
            return
        values[name] = local.astimezone(UTC)

    def add_error(self, field: str | None, error: Any) -> None:
        """What the service says of an instant stands beside the hour that was typed."""
        super().add_error({"starts_at": "begins", "ends_at": "ends"}.get(field or "", field), error)

    def values(self) -> dict[str, Any]:
        names = ("starts_at", "ends_at", "zone", "place", "link", "seats", "trainer")
        return {name: self.cleaned_data[name] for name in names}


class ChangeSessionForm(SessionForm):
    """The same of a session that is planned."""

    version = forms.IntegerField(min_value=0, max_value=10**9, widget=forms.HiddenInput)


def session_values(session: Session) -> dict[str, Any]:
    """What the form begins with: the hours on the clocks of its zone."""
    zone = ZoneInfo(session.zone)
    begins, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    kept = {name: getattr(session, name) for name in ("zone", "place", "link", "seats", "version")}
    clocks = {"day": begins.date(), "begins": begins.time(), "ends": ends.time()}
    return kept | clocks | {"trainer": session.trainer.email}


class ExamForm(forms.Form):
    """The questions as radios and boxes. SECURITY: made from what `selectors.asked` sends, so it knows no answer."""

    version = forms.IntegerField(required=False, min_value=0, max_value=10**9, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, questions: Sequence[dict[str, Any]], version: int):
        super().__init__(data, initial={"version": version})
        for one in questions:
            choices = [(str(place), words) for place, words in enumerate(one["options"])]
            single = one["kind"] == Answer.SINGLE
            made = forms.ChoiceField if single else forms.MultipleChoiceField
            widget = forms.RadioSelect if single else forms.CheckboxSelectMultiple
            self.fields[f"q{one['place']}"] = made(label=one["text"], choices=choices, widget=widget)

    @property
    def asked(self) -> list[Any]:
        return [self[name] for name in self.fields if name != "version"]

    @property
    def answers(self) -> dict[int, frozenset[int]]:
        found = {}
        for name, value in self.cleaned_data.items():
            if name != "version":
                ticked = value if isinstance(value, list) else [value]
                found[int(name[1:])] = frozenset(int(one) for one in ticked)
        return found


class PersonForm(forms.Form):
    """Whom a head signs up or withdraws; empty is the reader."""

    person = forms.ModelChoiceField(queryset=Person.objects.filter(is_active=True), required=False)


class FilterForm(forms.Form):
    """Which courses, as it stands in the address."""

    cursor = forms.CharField(required=False, max_length=1000)
