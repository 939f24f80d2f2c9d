"""Finding requests by their words: titles, descriptions and what people wrote, never more than the reader may read."""

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, QuerySet

from requests_app.catalogue.states import Privacy
from requests_app.desk.models import Message, ServiceRequest, ServiceRequestQuerySet
from requests_app.desk.states import pk_of
from requests_app.kernel.written import written_once
from requests_app.org.models import Person
from requests_app.org.policies import Standing, standing, whoever

LONGEST = 200


class Words(SearchQuery):
    """What was typed as a query, understood as the indexed texts were: stems of words, pairs of Chinese characters."""

    def __init__(self, typed: str):
        super().__init__(typed)
        self.function = "desk_query"


def readable_messages(person: Person) -> QuerySet[Message]:
    """Replies, and the notes of departments for which the person supplies; visibility of the request comes on top."""
    hats = standing(person)
    if hats.is_admin or hats.is_auditor:
        asked = Q(service_request__requester_id=hats.person_id) | Q(service_request__filed_by_id=hats.person_id)
        asked |= Q(service_request__customer_id__in=hats.member_of)
        return Message.objects.filter(Q(internal=False) | ~asked)
    if not hats.supplies_for:
        return Message.objects.filter(internal=False)
    ours = Q(service_request__supplier_id__in=hats.supplies_for) & ~Q(service_request__privacy=Privacy.CONFIDENTIAL)
    ours |= Q(service_request__supplier_id__in=hats.head_of)
    ours |= Q(service_request__assignee_id=hats.person_id, service_request__supplier_id__in=hats.supplies_for)
    return Message.objects.filter(Q(internal=False) | ours)


def matching(rows: ServiceRequestQuerySet, person: Person, typed: str) -> ServiceRequestQuerySet:
    """The requests among `rows` whose number, text or readable messages hold the words."""
    words = Words(typed[:LONGEST])
    said = readable_messages(person).filter(service_request=OuterRef("pk"), search=words)
    found = Q(search=words) | Exists(said)
    pk = pk_of(typed)
    return rows.filter(found | Q(pk=pk) if pk is not None else found)


def newest_matches(person: Person, typed: str, *, most: int) -> list[ServiceRequest]:
    """The newest visible requests with these words; texts and messages are searched apart, so each uses its index."""
    hats, pk = standing(person), pk_of(typed)
    asked = {"person": hats.person_id, "typed": typed[:LONGEST]}
    by_text, by_message = _by_text(hats.shape, most, **asked), _by_message(hats.shape, most, **asked)
    visible = ServiceRequest.objects.visible_to(person)
    named = list(visible.filter(pk=pk).values_list("pk", flat=True)) if pk is not None else []
    newest = sorted({*by_text, *by_message} - set(named), reverse=True)
    wanted = [*named, *newest][:most]
    rows = {row.pk: row for row in _rows(pks=wanted)} if wanted else {}
    return [rows[pk] for pk in wanted if pk in rows]


@written_once
def _by_text(hats: Standing, most: int, *, person: int, typed: str) -> QuerySet:
    rows = ServiceRequest.objects.visible_to(whoever(hats, person)).filter(search=Words(typed))
    return rows.order_by("-pk").values_list("pk", flat=True)[:most]


@written_once
def _by_message(hats: Standing, most: int, *, person: int, typed: str) -> QuerySet:
    reader = whoever(hats, person)
    said = readable_messages(reader).filter(search=Words(typed)).order_by("-pk").values("service_request_id")
    rows = ServiceRequest.objects.visible_to(reader).filter(pk__in=said[: 4 * most])
    return rows.order_by("-pk").values_list("pk", flat=True)[:most]


@written_once
def _rows(*, pks: list[int]) -> ServiceRequestQuerySet:
    return ServiceRequest.objects.filter(pk__among=pks).for_row()
