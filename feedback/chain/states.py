"""What a department says of another, and how what two of them say fits together. Pure data."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_WORDS = 4000
MOST_WAITING = 20
OUTSIDE = "+"  # stands for the customers outside the company in forms; no slug holds a plus sign


class Side(models.TextChoices):
    """What the other is to the department that speaks."""

    SUPPLIER = "supplier", _("Supplier")
    CUSTOMER = "customer", _("Customer")


class Source(models.TextChoices):
    SURVEY = "survey", _("Answer to a survey")
    FORM = "form", _("Said here")


class Match(models.TextChoices):
    """How what both say of one direction fits together."""

    NONE = "none", _("Nobody names it")
    AGREED = "agreed", _("Both name it")
    DIFFERENT = "different", _("Both name it, and describe what is required differently")
    ONLY_CUSTOMER = "only_customer", _("Only the customer names it")
    ONLY_SUPPLIER = "only_supplier", _("Only the supplier names it")
    WAITING = "waiting", _("One names it, the other has not said yet")
    OUTSIDE = "outside", _("To customers outside the company")


MEANING = {
    Match.NONE: "", Match.AGREED: "good", Match.DIFFERENT: "warn", Match.ONLY_CUSTOMER: "warn",
    Match.ONLY_SUPPLIER: "warn", Match.WAITING: "hold", Match.OUTSIDE: "good",
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One version of what a department says of another. `holds`: whether the other is its supplier, or customer."""

    number: int
    holds: bool
    products: str
    demands: str
    troubles: str
    source: str
    said_at: datetime


class PointKind(models.TextChoices):
    """Why two departments should talk."""

    ONE_SIDED = "one_sided", _("Only one side names it")
    DEMANDS = "demands", _("What is required is described differently")
    UNKNOWN = "unknown", _("What is required is not known")
    TROUBLE = "trouble", _("Trouble that the customer names")
    UNDECLARED = "undeclared", _("A heavy customer that nobody names")
    UNNAMED = "unnamed", _("A heavy supplier that its customer does not name")
    UNUSED = "unused", _("A named supplier that is not asked")


@dataclass(frozen=True)
class Point:
    """Something to talk about between supplier and customer, in a finished sentence, and where to read more."""

    kind: str
    supplier_id: int
    customer_id: int
    words: str
    link: str
