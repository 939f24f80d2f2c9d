"""What the combined pages show: reads of several packages, finished for the template."""

from dataclasses import dataclass
from itertools import groupby

from feedback.forum.models import Topic
from feedback.forum.selectors import NEWEST as NEWEST_TOPICS
from feedback.forum.selectors import topics_for
from feedback.groups.models import JointGroup
from feedback.groups.selectors import groups_named
from requests_app.agreements.states import Time
from requests_app.catalogue.models import Service
from requests_app.catalogue.selectors import services_for, services_found
from requests_app.desk.models import ServiceRequest
from requests_app.desk.selectors.my_desk import MyDesk, UsedService, my_desk, used_services
from requests_app.desk.selectors.promises import Promises, promises_for, usual_promises
from requests_app.desk.selectors.search import newest_matches
from requests_app.kernel.panels import Panel, panels_for
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing
from requests_app.org.selectors import departments_for, departments_named, people_found


@dataclass(frozen=True)
class HomePage:
    """My desk. `more` are blocks of upper packages, such as ratings to give."""

    desk: MyDesk
    services: list[UsedService]
    more: list[Panel]
    queue: Department | None

    @property
    def waiting_count(self) -> int:
        return self.desk.waiting_count + sum(panel.content.count for panel in self.more)


def home_page(person: Person) -> HomePage:
    supplied = standing(person).supplies_for
    queue = departments_for(person).filter(pk__in=supplied).first() if supplied else None
    return HomePage(
        desk=my_desk(person), services=used_services(person), more=panels_for("home", person=person), queue=queue
    )


@dataclass(frozen=True)
class Offer:
    """A service in a list, with the usual promise to this reader."""

    service: Service
    promise: Time | None


@dataclass(frozen=True)
class CataloguePage:
    """Services by department; when searched, the closest first and not grouped."""

    used: list[UsedService]
    groups: list[tuple[Department, list[Offer]]]
    found: list[Offer]
    departments: list[Department]
    count: int


def catalogue_page(person: Person, *, q: str, need: str, department: str) -> CataloguePage:
    services = list(services_for(person, q=q, need_type=need, department=department).defer("description", "quality"))
    promised = usual_promises(services, customer_of(person))
    offers = [Offer(service, promised.get(service.pk)) for service in services]
    narrowed = bool(q.strip() or need or department)
    by_department = groupby(offers, key=lambda offer: offer.service.department)
    return CataloguePage(
        used=[] if narrowed else used_services(person, most=6),
        groups=[] if q.strip() else [(row, list(rows)) for row, rows in by_department],
        found=offers if q.strip() else [],
        departments=list(departments_for(person).filter(services__isnull=False).distinct()),
        count=len(offers),
    )


def customer_of(person: Person) -> int | None:
    """The department for which this person asks by default."""
    hats = standing(person)
    return hats.home_id or min(hats.member_of, default=None)


@dataclass(frozen=True)
class ServicePage:
    service: Service
    promises: Promises
    panels: list[Panel]


def service_page(person: Person, service: Service) -> ServicePage:
    return ServicePage(
        service=service,
        promises=promises_for(service=service, customer_id=customer_of(person)),
        panels=panels_for("service", person=person, service=service),
    )


@dataclass(frozen=True)
class Found:
    """What a search found, best first; `more` when there are requests beyond those shown."""

    requests: list[ServiceRequest]
    more: bool
    services: list[Service]
    departments: list[Department]
    people: list[Person]
    topics: list[Topic]
    more_topics: bool
    groups: list[JointGroup]

    @property
    def is_empty(self) -> bool:
        return not (self.requests or self.services or self.departments or self.people or self.topics or self.groups)


NOTHING = Found([], False, [], [], [], [], False, [])


def found_by(person: Person, q: str, *, requests: int = 20, others: int = 8) -> Found:
    """Requests, topics and groups the reader may see, services they may file for, departments and people they know."""
    if not q.split():
        return NOTHING
    rows = newest_matches(person, q, most=requests + 1)
    topics = list(topics_for(person, q=q).order_by(*NEWEST_TOPICS)[: others + 1])
    return Found(
        requests=rows[:requests],
        more=len(rows) > requests,
        services=services_found(person, q, most=others),
        departments=departments_named(person, q, most=others),
        people=people_found(person, q, most=others),
        topics=topics[:others],
        more_topics=len(topics) > others,
        groups=groups_named(person, q, most=others),
    )
