"""Each count that leads to a list is the length of that list, for six roles, in a company made by chance.

A link that carries a count has it in `data-count`. What the reader may not see of it, the list says by number.
"""

import random
import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

import pytest
from django.db import transaction
from django.test import Client
from rest_framework.test import APIClient

from metrics.dashboards.company import FIGURES
from metrics.facts.models import RequestFact
from requests_app.org.models import Person
from requests_app.org.services import create_token
from tests.factories import build_company
from tests.metrics.dashboards.generated import Generated, generate

LINK = re.compile(r"<a\b[^>]*>")
HREF = re.compile(r'href="([^"]*)"')
COUNT = re.compile(r'data-count="([0-9]+)"')
ROW = re.compile(r'<td class="no num t3">(SR-[0-9]+)</td>')
SHOWN = re.compile(r"[0-9]+ of ([0-9]+) shown")
NEXT = re.compile(r'rel="next" href="([^"]+)"')
HIDDEN, HANDOFFS = (re.compile(rf'data-{name}="([0-9]+)"') for name in ("hidden", "handoffs"))
ROLES = ("requester", "agent", "supplier_head", "customer_head", "executive", "admin")
OF_DEPARTMENTS = ("as-supplier/", "as-customer/", "relations/", "passing/", "process/", "process/?side=customer", "queue/",
                  "charts/", "outlook/", "improvements/", "themes/")  # fmt: skip
ELSEWHERE = ("/", "/requests/", "/company/passing/", "/services/", "/search/?q=wish", "/feedback/actions/",
             "/feedback/voices/", "/feedback/surveys/", "/agreements/", "/capacity/absences/", "/company/benchmark/")  # fmt: skip
DEPARTMENTS = ("it", "networks", "sales", "north", "facilities")
PAIRS = ("/relations/it/sales/", "/relations/it/north/", "/relations/networks/sales/", "/relations/facilities/it/")


@dataclass(frozen=True)
class Length:
    """Of a list: what it shows on all its pages, what it says it hides, and the number at its foot."""

    rows: int
    hidden: int
    foot: int
    handoffs: int | None

    @property
    def counted(self) -> int:
        return self.rows + self.hidden if self.handoffs is None else self.handoffs


@pytest.fixture(scope="module")
def stored(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield generate(build_company(), seed=11, requests=70)
        transaction.set_rollback(True)


@pytest.fixture
def world(stored: Generated, db) -> Generated:
    return stored


class Reader:
    """Opens pages as one person, and each list once."""

    def __init__(self, person: Person):
        self.client, self.lengths = Client(), {}
        self.client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")

    def text(self, address: str) -> str:
        """The page, or nothing where it is not theirs to read."""
        answer = self.client.get(address, follow=True)
        assert answer.status_code in (200, 403, 404), address
        return answer.content.decode() if answer.status_code == 200 else ""

    def links(self, address: str) -> dict[str, int]:
        """address of a list → the count that leads there."""
        found = {}
        for tag in LINK.findall(self.text(address)):
            target, count = urljoin(address, unescape(HREF.search(tag)[1])), COUNT.search(tag)
            assert count or "figure=" not in target or "/requests/" not in target, f"no count at {target} of {address}"
            if count:
                found[target] = int(count[1])
        return found

    def length(self, address: str) -> Length:
        if address not in self.lengths:
            self.lengths[address] = self._length(address)
        return self.lengths[address]

    def _length(self, address: str) -> Length:
        first, rows = unescape(self.text(address)), 0
        text, onward = first, address
        while onward:
            rows += len(ROW.findall(text))
            onward = NEXT.search(text)
            text = unescape(self.text(urljoin(address, onward[1]))) if onward else ""
        foot, hidden, handoffs = (shape.search(first) for shape in (SHOWN, HIDDEN, HANDOFFS))
        return Length(
            rows, int(hidden[1]) if hidden else 0, int(foot[1]) if foot else 0, int(handoffs[1]) if handoffs else None
        )


def pages(rng: random.Random, figures: int) -> list[str]:
    of_departments = [f"/departments/{slug}/{page}" for slug in DEPARTMENTS for page in OF_DEPARTMENTS]
    matrices = [f"/company/?figure={figure}" for figure in rng.sample(sorted(FIGURES), figures)]
    return [*ELSEWHERE, *of_departments, *matrices, *PAIRS]


def disagreements(reader: Reader, found: dict[tuple[str, str], int]) -> dict[str, tuple]:
    """page and list → (count at the link, what the list came to)."""
    wrong = {}
    for (page, address), count in found.items():
        length = reader.length(address)
        if length.counted != count or length.foot != length.rows:
            wrong[f"{page} → {address}"] = (count, length)
    return wrong


def crawl(person: Person, *, seed: int, figures: int, most: int) -> int:
    """Open the lists behind the counts of every page, `most` of them by chance; how many were opened."""
    rng, reader = random.Random(seed), Reader(person)
    links = {(page, address): n for page in pages(rng, figures) for address, n in reader.links(page).items()}
    chosen = rng.sample(sorted(links), min(most, len(links)))
    assert disagreements(reader, {link: links[link] for link in chosen}) == {}
    return len(chosen)


@pytest.mark.parametrize("role", ROLES)
def test_each_count_is_the_length_of_its_list(world, role):
    opened = crawl(getattr(world.company, role), seed=ROLES.index(role), figures=8, most=70)
    assert opened >= (1 if role in ("requester", "admin") else 40)


@pytest.mark.parametrize("side", ["supplier", "customer"])
def test_the_n_of_a_figure_of_the_api_is_the_length_of_its_list(world, side):
    rng, person = random.Random(3), world.company.supplier_head
    found = figures_of(person, "it", side, {}) | figures_of(person, "it", side, narrowing(side))
    chosen = {link: found[link] for link in rng.sample(sorted(found), 25)}
    assert disagreements(Reader(person), chosen) == {}


@pytest.mark.parametrize("side", ["supplier", "customer"])
def test_each_number_of_the_page_of_all_figures_is_the_length_of_its_list(world, side):
    """Under every filter, alone and together."""
    rng, reader, found = random.Random(7), Reader(world.company.supplier_head), {}
    kinds = RequestFact.objects.values_list("need_type", "customer_kind", "channel").order_by("pk")[0]
    need_type, customer_kind, channel = kinds
    for asked in (
        "",
        f"need_type={need_type}",
        f"customer_kind={customer_kind}",
        f"channel={channel}",
        "priority=3",
        f"need_type={need_type}&channel={channel}&other={'sales' if side == 'supplier' else 'facilities'}",
    ):
        page = f"/departments/it/figures/?side={side}&period=quarter&{asked}"
        links = reader.links(page)
        behind = {address: n for address, n in links.items() if "figure=" in address}
        assert behind or "other" in asked, page
        found |= {(page, address): behind[address] for address in rng.sample(sorted(behind), min(6, len(behind)))}
    assert disagreements(reader, found) == {}


def narrowing(side: str) -> dict[str, str]:
    return {"customer" if side == "supplier" else "supplier": "sales" if side == "supplier" else "facilities"}


def figures_of(person: Person, slug: str, side: str, narrowed: dict[str, str]) -> dict[tuple[str, str], int]:
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {create_token(person=person)}")
    answer = client.get(f"/api/v1/figures/departments/{slug}/{side}/", narrowed).json()
    return {
        ("api", figure["rows"].removeprefix("http://testserver")): figure["n"]
        for figure in answer["figures"]
        if "rows" in figure and figure["key"] != "load_per_agent"  # its n are the agents
    }


@pytest.mark.long
@pytest.mark.parametrize("role", [*ROLES, "auditor", "stranger", "other_agent"])
def test_each_count_is_the_length_of_its_list_in_other_companies(db, role):
    seed = len(role)
    world = generate(build_company(), seed=seed, requests=120)
    crawl(getattr(world.company, role), seed=seed, figures=20, most=200)
