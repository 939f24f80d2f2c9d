"""What people wrote and attached, and what happened, as one reader may know it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from requests_app.catalogue.models import Service
from requests_app.desk.models import Attachment, Message, ServiceRequest
from requests_app.desk.policies import can_see_internal
from requests_app.events.models import Event
from requests_app.events.states import REQUEST
from requests_app.org.models import Department, Person

# Ratings have readers of their own, and work logs are the supplier's.
UNTOLD = (
    "rating.invited",
    "rating.held_back",
    "rating.given",
    "rating.changed",
    "rating.answered",
    "asking.rated",
    "work.logged",
)
DEPARTMENTS = ("department", "from", "to", "customer", "supplier")
PEOPLE = ("assignee", "requester", "filed_by", "person")


def messages_of(person: Person, row: ServiceRequest) -> QuerySet[Message]:
    """Without the right to read notes there is no trace of them."""
    rows = Message.objects.filter(service_request=row).select_related("author", "department").defer("search")
    return rows if can_see_internal(person, row) else rows.filter(internal=False)


def attachments_of(person: Person, row: ServiceRequest) -> QuerySet[Attachment]:
    rows = Attachment.objects.filter(service_request=row).select_related("uploaded_by")
    return rows if can_see_internal(person, row) else rows.filter(internal=False)


def history_of(person: Person, row: ServiceRequest) -> QuerySet[Event]:
    """The events of a request that this person may know of."""
    rows = Event.objects.filter(subject_kind=REQUEST, subject_id=row.pk).exclude(kind__in=UNTOLD)
    return rows if can_see_internal(person, row) else rows.exclude(kind="message.internal")


class Names:
    """The short names and addresses behind the ids in the data of some events: three queries for all of them."""

    def __init__(self, events: Iterable[Event]):
        events = list(events)
        data = [event.data for event in events]
        actors = {pk for event in events for pk in (event.actor_id, event.on_behalf_of_id) if pk is not None}
        people = _ids(data, (*PEOPLE, "before")) | actors  # "before" is a person, or the words or levels
        self.people = _column(Person.objects, people, "email")
        self.departments = _column(Department.objects, _ids(data, DEPARTMENTS), "slug")
        self.services = _column(Service.objects, _ids(data, ("service",)), "slug")

    def told(self, event: Event) -> dict[str, Any]:
        """The data as a reader outside understands it: names for ids."""
        shown = dict(event.data)
        for keys, names in ((DEPARTMENTS, self.departments), (PEOPLE, self.people), (("service",), self.services)):
            for key in shown.keys() & set(keys):
                shown[key] = names.get(shown[key], shown[key])
        if event.kind == "request.assigned":
            shown["before"] = self.people.get(shown.get("before") or 0)
        return shown


def _ids(data: list[dict], keys: Iterable[str]) -> set[int]:
    return {one[key] for one in data for key in keys if type(one.get(key)) is int}


def _column(rows: Any, ids: set[int], name: str) -> dict[int, str]:
    return dict(rows.filter(pk__in=ids).values_list("pk", name)) if ids else {}
