"""A company with a past made by chance, the same for the same seed, by the services that people use."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from feedback.ratings.services import give_rating, invite_to_rate
from feedback.ratings.states import Answer
from metrics.rollups.services import recount_stale, refresh_figures
from requests_app.catalogue.models import Service
from requests_app.catalogue.services import create_service
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.filing import Filing, file_request
from requests_app.desk.services.handoffs import accept_handoff, decline_handoff, offer_handoff
from requests_app.desk.services.moves import Words, move_request
from requests_app.kernel.errors import DomainError
from requests_app.org.models import Department, Person
from requests_app.org.services import save_department
from tests.factories import Company, make_person

DAYS = 40
ENDS = ("", "", "confirm", "confirm", "confirm", "reject", "reopen")


@dataclass
class Generated:
    """The cast, two departments below others, and what happened."""

    company: Company
    departments: list[Department]
    heads: dict[int, Person]
    askers: list[tuple[Department, Person]]
    services: list[Service]
    rows: list[ServiceRequest] = field(default_factory=list)


def generate(company: Company, *, seed: int, requests: int) -> Generated:
    """`requests` of everybody with everybody: nested departments, hidden requests, handoffs, late, sent back, rated."""
    rng = random.Random(seed)
    world = _people(company)
    for serial in range(requests):
        _live(world, rng, serial)
    refresh_figures(request_ids=[row.pk for row in world.rows])
    recount_stale()
    return world


def _people(company: Company) -> Generated:
    admin = company.admin
    below_it = save_department(by=admin, slug="networks", name="Networks", parent=company.it)
    below_sales = save_department(by=admin, slug="north", name="Sales North", parent=company.sales)
    heads = {
        company.it.pk: company.supplier_head,
        company.sales.pk: company.customer_head,
        company.facilities.pk: company.other_head,
        below_it.pk: make_person("Nils Networks", below_it, "head"),
        below_sales.pk: make_person("Nora North", below_sales, "head"),
    }
    departments = [company.it, company.sales, company.facilities, below_it, below_sales]
    askers = [
        (department, make_person(f"Asker {number}", department)) for number, department in enumerate(departments * 2)
    ]
    askers += [(company.sales, company.requester)] * 3 + [
        (company.it, company.agent),
        (company.facilities, company.stranger),
    ]
    services = [
        create_service(by=admin, department=department, name=f"{department.name} {privacy}", slug=f"{department.slug}-{privacy}", privacy=privacy)
        for department in departments
        for privacy in ("department", "private", "confidential")
    ]  # fmt: skip
    # what IT and Facilities supply is asked for most
    services += [service for service in services if service.department_id in (company.it.pk, below_it.pk)] * 2
    return Generated(company, departments, heads, askers, services)


def _live(world: Generated, rng: random.Random, serial: int) -> None:
    service = rng.choice(world.services)
    _customer, asker = rng.choice([pair for pair in world.askers if pair[0].pk != service.department_id])
    now = timezone.now() - timedelta(minutes=rng.randrange(60 * 24 * DAYS))
    filing = Filing(title=f"Wish {serial}", description="As said.", urgency=rng.randint(1, 3))
    row = file_request(by=asker, service=service, filing=filing, at=now)
    world.rows.append(row)
    try:
        Life(world, rng, row, now).lead()
    except DomainError:  # chance went where the rules do not let it; the request stays where it is
        return


class Life:
    """The steps of one request, hours apart, none after now."""

    def __init__(self, world: Generated, rng: random.Random, row: ServiceRequest, now: datetime):
        self.world, self.rng, self.row, self.now = world, rng, row, now

    def later(self) -> datetime:
        self.now = min(self.now + timedelta(minutes=self.rng.randrange(1, 60 * 20)), timezone.now())
        return self.now

    @property
    def head(self) -> Person:
        return self.world.heads[self.row.supplier_id]

    def step(self, action: str, by: Person | None = None, **words: str) -> None:
        said = Words(**words)
        move_request(by=by or self.head, service_request=self.row, action=action, words=said, at=self.later())
        self.row.refresh_from_db()

    def lead(self) -> None:
        row, chance = self.row, self.rng.random()
        if chance < 0.12:
            return
        if chance < 0.16:
            self.step("cancel", row.requester)
        elif chance < 0.2:
            self.step("decline", reason="Not ours to do.")
        else:
            self._work()

    def _work(self) -> None:
        if self.rng.random() < 0.3:
            self._hand_over()
        if self.row.status == "new":
            self.step("accept")
        if self.rng.random() < 0.3:
            self.step("start")
            self.step("hold", hold_reason=self.rng.choice(["customer", "third_party"]), reason="We need to know more.")
            if self.rng.random() < 0.3:
                return
            self.step("resume")
        if self.rng.random() < 0.8:
            self.step("deliver")
            self._end(self.rng.choice(ENDS))

    def _end(self, end: str) -> None:
        requester = self.row.requester
        if end == "reject":
            self.step("reject", requester, reason="Something is missing.")
            self.step("deliver")
        if end in ("confirm", "reopen"):
            self.step("confirm", requester)
            self._rate()
        if end == "reopen":
            self.step("reopen", requester, reason="It came back.")

    def _hand_over(self) -> None:
        row = self.row
        others = [one for one in self.world.departments if one.pk not in (row.supplier_id, row.customer_id)]
        for to in self.rng.sample(others, self.rng.randint(1, 3)):
            if to.pk == row.supplier_id:
                continue
            handoff = offer_handoff(by=self.head, service_request=row, to=to, reason="It is yours.", at=self.later())
            answer, receiver = self.rng.random(), self.world.heads[to.pk]
            if answer < 0.2:
                return
            if answer < 0.5:
                decline_handoff(by=receiver, handoff=handoff, reason="It is not ours.", at=self.later())
            else:
                accept_handoff(by=receiver, handoff=handoff, at=self.later())
            row.refresh_from_db()

    def _rate(self) -> None:
        if self.rng.random() < 0.7:
            invite_to_rate(request_id=self.row.pk, now=self.later())
            answer = Answer(self.rng.randint(1, 5), {}, self.rng.randint(1, 5), "", share_with_team=True)
            give_rating(by=self.row.requester, service_request=self.row, answer=answer, at=self.later())
