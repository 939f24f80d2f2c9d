"""Who reads along on a request."""

from requests_app.desk.models import ServiceRequest, Watcher
from requests_app.org.models import Person


def remember_watchers(row: ServiceRequest) -> None:
    """Only who they are, for the policy."""
    ids = Watcher.objects.filter(service_request=row).values_list("person_id", flat=True)
    row.watcher_ids = set(ids)  # type: ignore[attr-defined]


def watchers_of(row: ServiceRequest) -> list[Person]:
    """By name; remembered on the row, where the policy looks instead of asking again and again."""
    rows = Watcher.objects.filter(service_request=row).select_related("person").order_by("person__name", "person_id")
    people = [watcher.person for watcher in rows]
    row.watcher_ids = {person.pk for person in people}  # type: ignore[attr-defined]
    return people
