"""What the supplier says about the way it was asked. Pure data."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

RATE_DAYS = 30  # after the delivery; as long as the customer rates the work
LONGEST_NOTE = 1000

# In the order of the page; each is answered with yes or no.
QUESTIONS = {
    "complete": _("Was everything there that was needed?"),
    "in_time": _("Did it come early enough?"),
    "right_place": _("Did it come to the right department?"),
}
WORDS = {"complete": _("Complete"), "in_time": _("In time"), "right_place": _("To the right department")}


@dataclass(frozen=True)
class Asking:
    """How it was asked, in three answers and perhaps a word for next time."""

    complete: bool
    in_time: bool
    right_place: bool
    note: str = ""

    @property
    def is_good(self) -> bool:
        return self.complete and self.in_time and self.right_place
