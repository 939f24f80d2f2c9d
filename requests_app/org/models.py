"""Who is who: departments, people, what they are to each other, and their API tokens."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from requests_app.kernel.written import written_once
from requests_app.org.states import DepartmentKind, Role


class Department(models.Model):
    """A unit that asks others and supplies others. Departments form a tree.

    `calendar` names a row of the calendars package by id, without a foreign key: calendars lie above.
    `path` is the chain of ids from the root to this department, itself included ("/3/17/").
    """

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=DepartmentKind.choices, default=DepartmentKind.INTERNAL)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=200, blank=True, default="")
    mission = models.TextField(blank=True, default="")
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=60, default="Europe/Berlin")
    cost_centre = models.CharField(max_length=40, blank=True, default="")
    calendar_id = models.BigIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "org_department"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(slug=""), name="department_has_a_slug"),
            models.CheckConstraint(condition=~Q(name=""), name="department_has_a_name"),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="department_is_not_its_own_parent"),
            models.CheckConstraint(condition=Q(kind__in=DepartmentKind.values), name="department_kind_is_known"),
        ]

    def __str__(self) -> str:
        return self.name


@written_once
def _person(*, pk: int) -> models.QuerySet["Person"]:
    return Person.objects.filter(pk=pk)


class PersonManager(BaseUserManager["Person"]):
    def get(self, *args: Any, **wanted: Any) -> "Person":
        """By id alone, as the session asks on every page, the query is not put together anew."""
        if args or wanted.keys() != {"pk"} or not isinstance(wanted["pk"], int):
            return super().get(*args, **wanted)
        found = _person(**wanted)
        if not found:
            raise self.model.DoesNotExist("There is no such person.")
        return found[0]

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, email: str | None) -> "Person":
        return self.get(email__iexact=email)


class Person(AbstractBaseUser):
    """Somebody of the company or of a partner; signs in by e-mail. Being agent or head hangs on memberships."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    position = models.CharField(max_length=120, blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")
    time_zone = models.CharField(max_length=60, blank=True, default="")
    is_active = models.BooleanField(default=True)
    is_admin = models.BooleanField(default=False)
    is_executive = models.BooleanField(default=False)
    is_auditor = models.BooleanField(default=False)
    joined_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = PersonManager()

    class Meta:
        db_table = "org_person"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_person_per_email"),
            models.CheckConstraint(condition=~Q(name=""), name="person_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split()[0] if self.name.split() else self.email


class Membership(models.Model):
    """One hat of a person in a department. `home` marks the department for which the person files by default."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    home = models.BooleanField(default=False)

    class Meta:
        db_table = "org_membership"
        constraints = [
            models.UniqueConstraint(fields=["person", "department", "role"], name="one_hat_once"),
            models.UniqueConstraint(fields=["person"], condition=Q(home=True), name="one_home_per_person"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_is_known"),
        ]
        indexes = [models.Index(fields=["department", "role"], name="membership_by_department")]

    def __str__(self) -> str:
        return f"{self.person_id} is {self.role} of {self.department_id}"


class ApiToken(models.Model):
    """A bearer token of a person. Only its SHA-256 digest is stored; it never allows more than its owner."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    read_only = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "org_apitoken"

    def __str__(self) -> str:
        return f"{self.name} of {self.person_id}"
