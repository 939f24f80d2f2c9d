"""Whatever a page links to is there for who reads that page: a walk along the links, as people click them."""

import re
from collections import Counter, deque
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.security.probes import text_of
from tests.security.traces import undone
from tests.security.world import World

pytestmark = pytest.mark.django_db
LINK = re.compile(r'\s(?:href|hx-get)="([^"]+)"')
OUTSIDE = ("/static/", "/media/")
EXAMPLES = 2  # of each page, by the names of its parameters
BEGINNINGS = ["/", "/departments/it/as-supplier/", "/departments/sales/as-customer/", "/company/", "/settings/"]


def shape_of(address: str) -> tuple:
    """Which page it is; an address that belongs to none is a page by itself, and not found."""
    parts = urlsplit(address)
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        return (parts.path,)
    return (name, *sorted({key for key, _value in parse_qsl(parts.query)}))


def links_of(page: str, body: str) -> list[str]:
    found = [urljoin(page, unescape(link)).partition("#")[0] for link in LINK.findall(body)]
    return [link for link in found if link.startswith("/") and not link.startswith(OUTSIDE)]


ALL = ["SH", "AU", *(pytest.param(letter, marks=pytest.mark.long) for letter in ("CH", "AS", "RQ", "AD", "EX"))]


@pytest.mark.parametrize("letter", ALL)
def test_no_link_leads_nowhere(world: World, letter: str):
    client = world.browser(letter)
    seen: Counter[tuple] = Counter()
    to_visit = deque((page, "the beginning") for page in BEGINNINGS)
    broken, known = [], set(BEGINNINGS)
    with undone():
        while to_visit:
            page, origin = to_visit.popleft()
            answer = client.get(page)
            body = text_of(answer)
            if answer.status_code >= 400 and origin != "the beginning":
                broken.append((answer.status_code, page, f"from {origin}"))
            if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
                continue
            for link in links_of(page, body):
                if link not in known and seen[shape_of(link)] < EXAMPLES:
                    seen[shape_of(link)] += 1
                    known.add(link)
                    to_visit.append((link, page))
    assert [" ".join(map(str, one)) for one in broken] == []
    assert len(seen) > 30
