"""One act on several requests: each by itself, so that one refusal does not undo the others, and each is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.assignment import assign_request
from requests_app.desk.states import number_of
from requests_app.kernel.errors import DomainError
from requests_app.org.models import Person


@dataclass(frozen=True)
class Outcome:
    """What was done, and number → sentence for what was not."""

    done: tuple[str, ...]
    refused: dict[str, str]


def assign_many(*, by: Person, request_ids: Sequence[int], assignee: Person) -> Outcome:
    """Give these requests to one agent. What `by` may not see is passed over like what does not exist."""
    rows = ServiceRequest.objects.visible_to(by).filter(pk__in=request_ids).order_by("pk")
    done: list[str] = []
    refused: dict[str, str] = {}
    for row in rows.defer("search"):
        try:
            assign_request(by=by, service_request=row, assignee=assignee)
        except DomainError as error:
            refused[number_of(row.pk)] = str(error)
        else:
            done.append(number_of(row.pk))
    return Outcome(tuple(done), refused)
