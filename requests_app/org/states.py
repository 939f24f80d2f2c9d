"""Words of the organisation: kinds of department, hats a person can wear."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DepartmentKind(models.TextChoices):
    INTERNAL = "internal", _("Department")
    PARTNER = "partner", _("Partner organisation")


class Role(models.TextChoices):
    """What a person is in one department. One person may be several things in several departments."""

    MEMBER = "member", _("Member")
    AGENT = "agent", _("Agent")
    HEAD = "head", _("Head")
    DEPUTY = "deputy", _("Deputy head")


SUPPLYING_ROLES = frozenset({Role.AGENT, Role.HEAD, Role.DEPUTY})
LEADING_ROLES = frozenset({Role.HEAD, Role.DEPUTY})


class CustomerKind(models.TextChoices):
    """The four kinds of internal customer that every figure can tell apart."""

    EXECUTIVE = "executive", _("Executives")
    EMPLOYEE = "employee", _("Employees")
    DEPARTMENT = "department", _("Departments")
    PARTNER = "partner", _("Partners")


class Who(models.TextChoices):
    """Groups of people that administrators look for, besides those who are simply here."""

    ADMINS = "admins", _("Administrators")
    EXECUTIVES = "executives", _("Executives")
    AUDITORS = "auditors", _("Auditors")
    FORMER = "former", _("Without access")
