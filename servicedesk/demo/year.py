"""A year of requests between the departments, from today backwards."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from requests_app.agreements.selectors import matrix_of
from requests_app.imports.promises import PromiseBook
from requests_app.org.models import Person
from requests_app.org.states import DepartmentKind
from servicedesk.demo import fortune
from servicedesk.demo.building import Company, Offered, Unit
from servicedesk.demo.telling import Story, Telling, World
from servicedesk.demo.texts import Writer

SEED = 20_260_101
DAYS = 365


def world_of(company: Company, now: datetime) -> World:
    dice = Random(SEED)  # noqa: S311 - a story, not a secret
    names = sorted(person.name for person in company.people.values() if person.name.isascii())
    matrices = {unit.row.pk: matrix_of(unit.row.pk) for unit in company.units.values()}
    return World(company, PromiseBook(), matrices, Writer(dice, names), dice, now)


def stories(world: World) -> Iterator[Story]:
    """Every request of the year, day by day."""
    asking = Asking(world)
    today = world.now.date()
    for days_ago in range(DAYS, -1, -1):
        day = today - timedelta(days=days_ago)
        for _place in range(fortune.arrivals(world.dice, day, days_ago)):
            at, offered, requester = asking.somebody(datetime.combine(day, time()))
            if at < world.now:
                yield Telling(world, offered, requester, at).tell()


class Asking:
    """Who asks whom for what, and at what time of day."""

    def __init__(self, world: World) -> None:
        self.dice = world.dice
        units = world.company.units.values()
        self.suppliers = [unit for unit in units if unit.spec["share"]]
        self.shares = [unit.spec["share"] for unit in self.suppliers]
        self.services = {
            unit.row.slug: [found for found in world.company.services.values() if found.supplier is unit]
            for unit in self.suppliers
        }
        self.customers = list(units)
        self.weights = {
            supplier.row.slug: [self._demand(customer, supplier) for customer in self.customers]
            for supplier in self.suppliers
        }

    def somebody(self, midnight: datetime) -> tuple[datetime, Offered, Person]:
        dice = self.dice
        supplier = dice.choices(self.suppliers, self.shares)[0]
        customer = dice.choices(self.customers, self.weights[supplier.row.slug])[0]
        services = [found for found in self.services[supplier.row.slug] if _may_ask(customer, found)]
        offered = dice.choices(services, [found.spec["weight"] for found in services])[0]
        requester = dice.choices(customer.members, [_keenness(person) for person in customer.members])[0]
        hour = dice.choices(list(fortune.HOURS), list(fortune.HOURS.values()))[0]
        local = midnight + timedelta(hours=hour, seconds=dice.randrange(3600))
        return local.replace(tzinfo=ZoneInfo(customer.row.time_zone)), offered, requester

    def _demand(self, customer: Unit, supplier: Unit) -> float:
        """Large departments ask more, nobody asks their own, and some pairs work closely together."""
        slugs = customer.row.slug, supplier.row.slug
        if slugs[0] == slugs[1] or not any(_may_ask(customer, found) for found in self.services[slugs[1]]):
            return 0
        return len(customer.members) * fortune.BONDS.get(slugs, 1.0)


def _may_ask(customer: Unit, offered: Offered) -> bool:
    return customer.row.kind != DepartmentKind.PARTNER or offered.row.open_to_partners


def _keenness(person: Person) -> float:
    if person.is_auditor or person.is_admin:
        return 0.05
    return 2.0 if person.email.startswith("staff@") else 1.0
