"""What is agreed on: measures, hold reasons, priorities, and the order in which the more specific wins."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Measure(models.TextChoices):
    RESPONSE = "response", _("First response")
    RESOLUTION = "resolution", _("Resolution")


class HoldReason(models.TextChoices):
    CUSTOMER = "customer", _("Waiting for the customer")
    THIRD_PARTY = "third_party", _("Waiting for an outside party")
    PART = "part", _("Waiting for a part or material")
    OTHER = "other", _("Another reason")


# Only waiting for the customer pauses the customer's clock, unless an agreement says otherwise.
DEFAULT_PAUSING = (HoldReason.CUSTOMER.value,)

URGENCY = {1: _("Work has stopped"), 2: _("Work is hampered"), 3: _("Work goes on")}
IMPACT = {1: _("The whole company or a customer"), 2: _("A department"), 3: _("One person")}
PRIORITY = {1: _("Critical"), 2: _("High"), 3: _("Medium"), 4: _("Low"), 5: _("Planned")}

# urgency → impact → priority; a table, never arithmetic, because real companies deviate in single cells.
DEFAULT_MATRIX = {1: {1: 1, 2: 2, 3: 3}, 2: {1: 2, 2: 3, 3: 4}, 3: {1: 3, 2: 4, 3: 5}}

HOUR = 3600
# Company default, in seconds of working time: priority → (response, resolution).
DEFAULT_TARGETS = {
    1: (1 * HOUR, 4 * HOUR),
    2: (2 * HOUR, 8 * HOUR),
    3: (4 * HOUR, 24 * HOUR),
    4: (8 * HOUR, 40 * HOUR),
    5: (16 * HOUR, 80 * HOUR),
}
WARN_AT = 0.75
ACCEPTANCE_DAYS = 5
REOPEN_DAYS = 14
