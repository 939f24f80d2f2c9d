"""Who is away."""

from datetime import date
from typing import Any

from requests_app.capacity.models import Absence
from requests_app.capacity.services import enter_absence
from tests.factories.company import Company


def away(company: Company, **more: Any) -> Absence:
    """The agent of IT, a week next year."""
    values = {"kind": "leave", "first": date(2027, 3, 1), "last": date(2027, 3, 5)}
    return enter_absence(by=company.agent, person=company.agent, **(values | more))
