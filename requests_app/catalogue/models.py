"""What departments promise each other: services, and the versioned forms that ask for them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from requests_app.catalogue.states import FormField, NeedType, Privacy
from requests_app.org.models import Department


class ServiceForm(models.Model):
    """One version of a service's questions; never changed, so that old requests show what was asked."""

    service = models.ForeignKey("Service", on_delete=models.CASCADE, related_name="forms")
    number = models.PositiveIntegerField()
    fields = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "catalogue_serviceform"
        constraints = [models.UniqueConstraint(fields=["service", "number"], name="one_form_per_number")]

    def __str__(self) -> str:
        return f"form {self.number} of {self.service_id}"

    @property
    def questions(self) -> list[FormField]:
        return [FormField.from_json(raw) for raw in self.fields]


class Service(models.Model):
    """Something a department does for others. `quality` lists the acceptance criteria, one a line."""

    slug = models.SlugField(unique=True, max_length=80)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=120)
    summary = models.CharField(max_length=200, blank=True, default="")
    description = models.TextField(blank=True, default="")
    quality = models.TextField(blank=True, default="")
    keywords = models.CharField(max_length=300, blank=True, default="")
    need_type = models.CharField(max_length=12, choices=NeedType.choices, default=NeedType.SERVICE)
    privacy = models.CharField(max_length=12, choices=Privacy.choices, default=Privacy.DEPARTMENT)
    open_to_partners = models.BooleanField(default=False)
    is_published = models.BooleanField(default=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="owned_services"
    )
    form = models.ForeignKey(ServiceForm, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "catalogue_service"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(need_type__in=NeedType.values), name="service_need_type_is_known"),
            models.CheckConstraint(condition=Q(privacy__in=Privacy.values), name="service_privacy_is_known"),
            models.CheckConstraint(condition=~Q(name=""), name="service_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def criteria(self) -> list[str]:
        return [line.strip() for line in self.quality.splitlines() if line.strip()]
