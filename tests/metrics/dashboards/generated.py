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
    askers = [(department, make_person(f"Asker {number}", department)) for number, department in enumerate(departments * 2)]
    askers += [(company.sales, company.requester)] * 3 + [(company.it, company.agent), (company.facilities, company.stranger)]
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
    customer, asker = rng.choice([pair for pair in world.askers if pair[0].pk != service.department_id])
    now = timezone.now() - timedelta(minutes=rng.randrange(60 * 24 * DAYS))
    filing = Filing(title=f"Wish {serial}", description="As said.", urgency=rng.randint(1, 3))
    row = file_request(by=asker, service=service, filing=filing, at=now)
    world.rows.append(row)
    try:
        _lead(world, rng, row, now)
    except DomainError:  # chance went where the rules do not let it; the request stays where it is
        return


def _lead(world: Generated, rng: random.Random, row: ServiceRequest, now: datetime) -> None:
    """Some steps of a life, hours apart, none after now."""

    def later() -> datetime:
        nonlocal now
        now = min(now + timedelta(minutes=rng.randrange(1, 60 * 20)), timezone.now())
        return now

    def step(action: str, by: Person, **words: str) -> None:
        move_request(by=by, service_request=row, action=action, words=Words(**words), at=later())
        row.refresh_from_db()

    def head() -> Person:
        return world.heads[row.supplier_id]

    chance = rng.random()
    if chance < 0.12:
        return
    if chance < 0.2:
        return step("cancel", row.requester) if chance < 0.16 else step("decline", head(), reason="Not ours to do.")
    if rng.random() < 0.3:
        _hand_over(world, rng, row, later)
    if row.status == "new":
        step("accept", head())
    if rng.random() < 0.3:
        step("start", head())
        step("hold", head(), hold_reason=rng.choice(["customer", "third_party"]), reason="We need to know more.")
        if rng.random() < 0.3:
            return None
        step("resume", head())
    if rng.random() < 0.2:
        return None
    step("deliver", head())
    end = rng.choice(ENDS)
    if end == "reject":
        step("reject", row.requester, reason="Something is missing.")
        step("deliver", head())
    if end in ("confirm", "reopen"):
        step("confirm", row.requester)
        _rate(rng, row, later)
    if end == "reopen":
        step("reopen", row.requester, reason="It came back.")
    return None


def _hand_over(world: Generated, rng: random.Random, row: ServiceRequest, later) -> None:
    others = [one for one in world.departments if one.pk not in (row.supplier_id, row.customer_id)]
    for _turn in range(rng.randint(1, 3)):
        to = rng.choice(others)
        if to.pk == row.supplier_id:
            continue
        handoff = offer_handoff(
            by=world.heads[row.supplier_id], service_request=row, to=to, reason="It is yours.", at=later()
        )
        answer = rng.random()
        if answer < 0.2:
            return
        if answer < 0.5:
            decline_handoff(by=world.heads[to.pk], handoff=handoff, reason="It is not ours.", at=later())
        else:
            accept_handoff(by=world.heads[to.pk], handoff=handoff, at=later())
        row.refresh_from_db()


def _rate(rng: random.Random, row: ServiceRequest, later) -> None:
    if rng.random() < 0.7:
        invite_to_rate(request_id=row.pk, now=later())
        answer = Answer(rng.randint(1, 5), {}, rng.randint(1, 5), "", share_with_team=False)
        give_rating(by=row.requester, service_request=row, answer=answer, at=later())
