"""What a department types about its services: the texts, and the questions row by row."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from requests_app.catalogue.forms import question_fields
from requests_app.catalogue.models import Service
from requests_app.catalogue.selectors import departments_to_offer
from requests_app.catalogue.services import FIELDS, values_of
from requests_app.catalogue.states import MOST_FIELDS, FieldType, FormField, NeedType, Privacy
from requests_app.kernel.forms import EditForm, long_text
from requests_app.kernel.rows import Raw, RowForm, RowForms
from requests_app.kernel.versions import fingerprint
from requests_app.org.models import Department, Person
from requests_app.org.selectors import agents_of


class ServiceEditForm(EditForm):
    """The texts of a service and who may ask for it; its questions have a page of their own."""

    name = forms.CharField(label=_("Name"), help_text=_("As people would ask for it."), max_length=120)
    summary = forms.CharField(label=_("In one line"), max_length=200, required=False)
    description = long_text(_("Description"), _("What is done, for whom, and what is not part of it."), rows=5)
    quality = long_text(
        _("Quality standard"),
        _("One criterion a line. The customer ticks them off when accepting the delivery."),
        rows=4,
    )
    keywords = forms.CharField(
        label=_("Words people search"), help_text=_("Other names for it, in any language."), max_length=300,
        required=False,
    )  # fmt: skip
    need_type = forms.ChoiceField(label=_("Kind of need"), choices=NeedType.choices, initial=NeedType.SERVICE)
    privacy = forms.ChoiceField(
        label=_("Who reads along"), choices=Privacy.choices, widget=forms.RadioSelect, initial=Privacy.DEPARTMENT
    )
    owner = forms.ModelChoiceField(
        label=_("Responsible"),
        help_text=_("Who keeps this description true. One of the department's agents."),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("Nobody in particular"),
    )
    is_published = forms.BooleanField(
        label=_("Published"), help_text=_("Unpublished, only the department's heads and administrators see it."),
        required=False, initial=True,
    )  # fmt: skip
    open_to_partners = forms.BooleanField(label=_("Open to partner organisations"), required=False)

    def __init__(self, data: Any = None, *, department: Department, service: Service | None = None):
        super().__init__(data, initial=_service_values(service))
        people = agents_of(department.pk)
        if service and service.owner_id:
            people = Person.objects.filter(pk__in=[*people.values_list("pk", flat=True), service.owner_id])
        self.fields["owner"].queryset = people

    def wanted(self) -> dict[str, Any]:
        """What the services of the catalogue take."""
        owner = self.cleaned_data["owner"]
        return self.values("owner") | {"owner_id": owner.pk if owner else None}


def _service_values(service: Service | None) -> dict[str, Any]:
    if service is None:
        return {}
    values = {name: getattr(service, name) for name in FIELDS}
    return values | {"owner": service.owner_id, "version": fingerprint(values_of(service))}


class NewServiceForm(ServiceEditForm):
    slug = forms.SlugField(
        label=_("Short name"),
        help_text=_("For its address: small letters, digits and hyphens. Empty: made from the name."),
        max_length=80,
        required=False,
    )
    field_order = ("version", "name", "slug")

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"].lower()


class DepartmentChoice(forms.Form):
    """In whose name a new service is offered."""

    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.none(), to_field_name="slug", empty_label=_("Choose …")
    )

    def __init__(self, data: Any = None, *, person: Person):
        super().__init__(data)
        self.fields["department"].queryset = departments_to_offer(person)


class QuestionForm(RowForm):
    """One row of the form builder."""

    label = forms.CharField(label=_("Question"), max_length=200)
    type = forms.ChoiceField(label=_("Answer"), choices=FieldType.choices, initial=FieldType.TEXT)
    help = forms.CharField(label=_("Help"), max_length=300, required=False)
    choices = forms.CharField(
        label=_("Answers to choose from"), help_text=_("One a line."), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    required = forms.BooleanField(label=_("Needed"), required=False)
    key = forms.CharField(
        label=_("Key"),
        help_text=_("Small letters, digits and _. Empty: made from the question."),
        max_length=40,
        required=False,
    )


class FormBuilder(RowForms):
    """The questions of a service, row by row."""

    row_form = QuestionForm
    ticks = ("required",)
    empty_row = {"type": FieldType.TEXT.value}
    most = MOST_FIELDS

    @classmethod
    def of(cls, service: Service, questions: Sequence[FormField]) -> "FormBuilder":
        return cls([_raw(question) for question in questions], version=fingerprint(values_of(service)))

    @property
    def questions(self) -> list[FormField]:
        """The rows as they would be stored, right or not."""
        taken: set[str] = set()
        return [_question(raw, place, taken) for place, raw in enumerate(self.raw, start=1)]

    def preview(self) -> forms.Form:
        """The questions as the requester will see them."""
        sample = forms.Form(auto_id="preview_%s", prefix="preview")
        sample.fields |= question_fields(self.questions)
        return sample


def _raw(question: FormField) -> Raw:
    return question.as_json() | {"choices": "\n".join(question.choices)}


def _question(raw: Raw, place: int, taken: set[str]) -> FormField:
    label = str(raw.get("label", "")).strip()
    key = str(raw.get("key", "")).strip() or _key_for(label, place, taken)
    taken.add(key)
    lines = (line.strip() for line in str(raw.get("choices", "")).splitlines())
    kind = raw.get("type") if raw.get("type") in FieldType.values else FieldType.TEXT
    return FormField(
        key=key,
        label=label,
        type=str(kind),
        help=str(raw.get("help", "")).strip(),
        required=bool(raw.get("required")),
        choices=tuple(dict.fromkeys(line for line in lines if line)) if kind == FieldType.CHOICE else (),
    )


def _key_for(label: str, place: int, taken: set[str]) -> str:
    """A key made from the question: "How many sockets?" → how_many_sockets."""
    plain = slugify(label).replace("-", "_").lstrip("_0123456789")[:30] or f"field_{place}"
    return plain if plain not in taken else f"{plain}_{place}"
