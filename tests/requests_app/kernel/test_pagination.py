import base64
import json

import pytest

from requests_app.kernel.errors import WrongInput
from requests_app.kernel.pagination import decode_cursor, encode_cursor, keyset_page
from requests_app.org.models import Department

pytestmark = pytest.mark.django_db


@pytest.fixture
def departments(db) -> list[str]:
    """Two of them share a name, so the name alone is no order."""
    rows = [("a", "Alpha"), ("b", "Beta"), ("c", "Beta"), ("d", "Delta"), ("e", "Echo")]
    Department.objects.bulk_create(Department(slug=slug, name=name) for slug, name in rows)
    return [slug for slug, _name in rows]


def walk(order, size, direction="next", cursor=""):
    """Every page from here on, as slugs."""
    while True:
        page = keyset_page(Department.objects.all(), order=order, cursor=cursor, size=size)
        yield [row.slug for row in page.rows]
        cursor = getattr(page, direction)
        if not cursor:
            return


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6])
@pytest.mark.parametrize("order", [("name", "slug"), ("-name", "slug"), ("-slug",), ("name", "-slug")])
def test_pages_hold_every_row_once_and_in_order(departments, order, size):
    whole = list(Department.objects.order_by(*order).values_list("slug", flat=True))

    pages = list(walk(order, size))

    assert [slug for page in pages for slug in page] == whole
    assert all(len(page) == size for page in pages[:-1])


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_way_back_shows_the_same_pages(departments, size):
    order = ("name", "slug")
    first = keyset_page(Department.objects.all(), order=order, size=size)
    second = keyset_page(Department.objects.all(), order=order, cursor=first.next, size=size)

    back = keyset_page(Department.objects.all(), order=order, cursor=second.previous, size=size)

    assert (back.rows, back.previous, back.next) == (first.rows, "", first.next)


def test_one_page_has_no_neighbours_and_an_empty_list_is_an_empty_page(departments):
    page = keyset_page(Department.objects.all(), order=("slug",), size=5)
    assert (page.next, page.previous) == ("", "")

    nothing = keyset_page(Department.objects.none(), order=("slug",), size=5)
    assert (nothing.rows, nothing.next, nothing.previous) == ([], "", "")


def test_a_row_that_is_filed_meanwhile_moves_nothing(departments):
    first = keyset_page(Department.objects.all(), order=("slug",), size=2)
    Department.objects.create(slug="aa", name="Ahead")

    second = keyset_page(Department.objects.all(), order=("slug",), cursor=first.next, size=2)

    assert [row.slug for row in second.rows] == ["c", "d"]


def test_a_cursor_holds_what_it_was_given():
    assert decode_cursor(encode_cursor(["Ёж 打印", 7, 1.5], back=True), 3) == (True, ["Ёж 打印", 7, 1.5])


def as_cursor(value) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "ё",
        "%%%",
        "x" * 2000,
        as_cursor(None),
        as_cursor(7),
        as_cursor([False]),
        as_cursor([0, ["a", 1]]),
        as_cursor([False, "ab"]),
        as_cursor([False, {"a": 1, "b": 2}]),
        as_cursor([False, ["a"]]),
        as_cursor([False, ["a", None]]),
        as_cursor([False, ["a", True]]),
        as_cursor([False, ["a", [1]]]),
        as_cursor([False, ["a", float("nan")]]),
        as_cursor([False, ["a", float("inf")]]),
        as_cursor([False, ["a\x00", 1]]),
        as_cursor([False, ["\ud800", 1]]),
        as_cursor([False, ["a", "not a number"]]),
        base64.urlsafe_b64encode(b"[" * 700).decode(),
    ],
)
def test_a_damaged_cursor_is_refused_with_the_way_out(departments, cursor):
    with pytest.raises(WrongInput) as refusal:
        keyset_page(Department.objects.all(), order=("name", "id"), cursor=cursor, size=2)
    assert refusal.value.errors == {"cursor": ["This page link is damaged. Start again from the first page."]}


def test_a_huge_number_in_a_cursor_is_only_far_away(departments):
    far = encode_cursor(["Echo", 10**30])
    page = keyset_page(Department.objects.all(), order=("name", "id"), cursor=far, size=9)
    assert [row.slug for row in page.rows] == []
