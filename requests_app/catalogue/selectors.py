"""Reading the catalogue."""

from collections.abc import Iterable

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest
from django.http import Http404

from requests_app.catalogue.models import Service, ServiceForm
from requests_app.catalogue.policies import require_edit_service, visible_services
from requests_app.kernel.written import written_once
from requests_app.org.models import Department, Person
from requests_app.org.policies import Standing, standing, whoever
from requests_app.org.selectors import departments_for, words_of

ALIKE = 0.35


def services_for(person: Person, *, q: str = "", department: str = "", need_type: str = "") -> QuerySet[Service]:
    """Services this person may file for, by department and name; with `q` the closest first."""
    rows = visible_services(person).select_related("department", "form", "owner")
    if department:
        rows = rows.filter(department__slug=department)
    if need_type:
        rows = rows.filter(need_type=need_type)
    return search_services(rows, q) if q.strip() else rows.order_by("department__name", "name", "pk")


def search_services(rows: QuerySet[Service], q: str) -> QuerySet[Service]:
    """Every word must be found, spelt alike or inside; so `принтр` finds `принтер` and 打印 finds 打印机."""
    words = words_of(q.replace("\x00", "")).values()
    return _closest(rows, words, " ".join(words))


def _closest(rows: QuerySet[Service], words: Iterable[str], phrase: str) -> QuerySet[Service]:
    for word in words:
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(keywords__icontains=word)
            | Q(summary__icontains=word)
            | Q(description__icontains=word)
            | Q(department__name__icontains=word)
            | Q(name__trigram_word_similar=word)
            | Q(keywords__trigram_word_similar=word)
        )
    closeness = Greatest(TrigramWordSimilarity(phrase, "name"), TrigramWordSimilarity(phrase, "keywords"))
    return rows.annotate(closeness=closeness).order_by("-closeness", "name", "pk")


def service_to_file(*, person: Person, slug: str) -> Service | None:
    """The service with what filing needs of it, or None when it is not there or not theirs."""
    hats = standing(person)
    return next(iter(_to_file(hats.shape, person=hats.person_id, slug=slug)), None)


def services_found(person: Person, q: str, *, most: int) -> list[Service]:
    """The closest services this person may file for, as a list shows them."""
    hats, words = standing(person), words_of(q.replace("\x00", ""))
    return _found(hats.shape, most, person=hats.person_id, phrase=" ".join(words.values()), **words)


@written_once
def _found(hats: Standing, most: int, *, person: int, phrase: str, **words: str) -> QuerySet[Service]:
    rows = visible_services(whoever(hats, person)).select_related("department", "form", "owner")
    return _closest(rows, words.values(), phrase).defer("description", "quality")[:most]


@written_once
def _to_file(hats: Standing, *, person: int, slug: str) -> QuerySet[Service]:
    rows = visible_services(whoever(hats, person)).select_related("department", "form")
    return rows.filter(slug=slug).order_by().defer("description", "quality", "keywords", "summary")


def get_service(*, person: Person, slug: str) -> Service:
    found = services_for(person).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def services_to_edit(person: Person, *, department: str = "") -> QuerySet[Service]:
    """What this person may change, drafts included: administrators all, heads those of their departments."""
    rows = services_for(person, department=department)
    return rows if standing(person).is_admin else rows.filter(department__in=standing(person).head_of)


def departments_to_offer(person: Person) -> QuerySet[Department]:
    """In whose name this person may offer services."""
    rows = departments_for(person)
    return rows if standing(person).is_admin else rows.filter(pk__in=standing(person).head_of)


def get_service_to_edit(*, person: Person, slug: str) -> Service:
    """404 for what the person does not see, NotAllowed for what others edit."""
    service = get_service(person=person, slug=slug)
    require_edit_service(person, service.department_id)
    return service


def forms_of(service: Service) -> QuerySet[ServiceForm]:
    """Every version of the questions, newest first."""
    return service.forms.order_by("-number")
