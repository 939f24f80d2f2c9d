"""Changing the catalogue: a service, and its form as a new version."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from requests_app.catalogue import policies
from requests_app.catalogue.models import Service, ServiceForm
from requests_app.catalogue.states import FormField, check_form
from requests_app.events.services import record
from requests_app.kernel.errors import WrongInput, require_text
from requests_app.kernel.versions import require_unchanged
from requests_app.org.models import Department, Person

FIELDS = (
    "name", "summary", "description", "quality", "keywords", "need_type", "privacy", "open_to_partners",
    "is_published", "owner_id",
)  # fmt: skip


@transaction.atomic
def create_service(
    *, by: Person, department: Department, name: str, fields: Sequence[FormField] = (), **values: Any
) -> Service:
    """A new service with the first version of its form. `values` are any of FIELDS, and `slug`."""
    policies.require_edit_service(by, department.pk)
    name = require_text("name", name, longest=120)
    slug = values.pop("slug", "") or slugify(name)[:80].strip("-") or f"service-{department.slug}"
    if Service.objects.filter(slug=slug).exists():
        slug = f"{slug}-{department.slug}"[:80]
    if Service.objects.filter(slug=slug).exists():
        raise WrongInput({"slug": [_("Another service has this short name. Choose a different one.")]})
    service = Service.objects.create(slug=slug, department=department, name=name, **values)
    _add_form(service, list(fields))
    record(
        kind="config.changed",
        subject_kind="service",
        subject_id=service.pk,
        by=by,
        data={"what": "service", "before": {}, "after": values_of(service)},
    )
    return service


@transaction.atomic
def change_service(
    *,
    by: Person,
    service: Service,
    fields: Sequence[FormField] | None = None,
    based_on: str | None = None,
    **values: Any,
) -> Service:
    """Change a service; `fields` given and different from today's become the next version of its form.

    `based_on` is the fingerprint of `values_of` when it was read: StaleVersion when somebody saved in between.
    """
    service = Service.objects.select_for_update().get(pk=service.pk)
    policies.require_edit_service(by, service.department_id)
    before = values_of(service)
    require_unchanged(based_on, before)
    for field, value in values.items():
        setattr(service, field, value)
    service.name = require_text("name", service.name, longest=120)
    service.save()
    if fields is not None and [question.as_json() for question in fields] != (
        service.form.fields if service.form else []
    ):
        _add_form(service, list(fields))
    after = values_of(service)
    changed = [key for key in after if before[key] != after[key]]
    if changed:
        record(
            kind="config.changed",
            subject_kind="service",
            subject_id=service.pk,
            by=by,
            data={
                "what": "service",
                "before": {key: before[key] for key in changed},
                "after": {key: after[key] for key in changed},
            },
        )
    return service


def _add_form(service: Service, fields: list[FormField]) -> None:
    check_form(fields)
    number = service.forms.count() + 1
    form = ServiceForm.objects.create(
        service=service, number=number, fields=[question.as_json() for question in fields]
    )
    service.form = form
    service.save(update_fields=["form"])


def values_of(service: Service) -> dict:
    """What can be changed, as it stands: for before and after, and to notice a change in between."""
    return {field: getattr(service, field) for field in FIELDS} | {"form": service.form_id}
