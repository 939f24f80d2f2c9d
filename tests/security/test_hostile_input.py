"""Whatever is sent to whatever address: an answer below 500, in the one error shape, saying what was wrong.

Nothing may reach the database that it refuses: the net in the error handler stays dry.
"""

import json
import logging
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any
from urllib.parse import quote

import pytest

from requests_app.org.models import Department, Person
from servicedesk.api import description
from tests.api_calls import CALLS, FILING
from tests.api_stage import PREPARATIONS, Stage, read_to_the_end, stage, text_file
from tests.contracts.test_openapi import COMPONENTS, OPERATIONS, breaches

pytestmark = pytest.mark.django_db

# As JSON, because some of them cannot be written by a polite encoder. Each field hears some, in turn; with --long all.
WORST = [
    '"a\\u0000b"', '"\\ud800"', "null", "true", "9223372036854775807", "-1", '{"a": {"\\u0000": 1}}', '["a", 1, null]',
    '"' + "x" * 30_000 + '"', '"9999-12-31T23:59:59-23:59"',
]  # fmt: skip
# Of these too.
OTHERS = [
    '"\\u0000"', '"\\udc00\\ud800"', '"\\u202e\\u0661\\u0662"', '""', '"  "', '"' + "\\u0301" * 5000 + '"', "0",
    "2147483648", "9223372036854775808", "1" * 30, "1.5", "1e308", "1e999", "-0", "NaN", "Infinity", "[]", "{}", "[[]]",
    '{"a": 1}', "[" * 15 + "]" * 15, '"0001-01-01T00:00:00+23:59"', '"2026-02-30"', '"2026-01-01T25:00:00Z"',
    '"10000-01-01"', '"\\u0663"', '"1_000"', '"../../etc/passwd"', '"{{7*7}}"', '"\'; DROP TABLE x; --"',
]  # fmt: skip
BODIES = {
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "a text": b'"x"',
    "a number": b"7",
    "half an object": b'{"title": ',
    "lists 5000 deep": b"[" * 5000 + b"]" * 5000,
    "100000 brackets": b"[" * 100_000,
    "objects 3000 deep": b'{"a":' * 3000 + b"1" + b"}" * 3000,
    "quotes without end": b'"' + b'\\"' * 400_000,
    "not UTF-8": b'{"title": "\xff\xfe"}',
    "UTF-16": '{"title": "x"}'.encode("utf-16"),
    "a key twice": b'{"title": "a", "title": "b"}',
    "NaN": b'{"urgency": NaN}',
    "a long number": b'{"urgency": ' + b"1" * 5000 + b"}",
    "a NUL key": b'{"\\u0000": 1}',
    "a lone surrogate as key": b'{"\\ud800": 1}',
}
TOO_LARGE = b'{"title": "' + b"x" * (1024 * 1024) + b'"}'
QUERY_VALUES = [
    "", "\x00", "a\x00b", "1" * 30, "-1", "0", "1.5", "1e9", "٣", "1_0", "x" * 3000, "'", '"', "%", "\\", "_", "\ud7ff",
    "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "2026-13-01", "9999-12-31", "0001-01-01", "null", "[]", "{{7*7}}", "🙂", "打印",
    "W251bGwsW11d", "W2ZhbHNlLFtudWxsXV0", "W2ZhbHNlLFtOYU5dXQ", "W2ZhbHNlLFsxZTk5OV1d", "W2ZhbHNlLFsiXHUwMDAwIiwxXV0",
]  # fmt: skip
QUERY_NAMES = [
    "unknown",
    "_connector",
    "_negated",
    "title__contains",
    "id__in",
    "a.b",
    'a"--',
    "__proto__[x]",
    "format",
]
MASS = [
    "id", "pk", "is_staff", "is_superuser", "password", "created_at", "closed_at", "requester", "filed_by", "supplier",
    "version", "channel", "external_id", "search", "privacy", "permissions", "_state", "by", "at", "person_id",
]  # fmt: skip
BEARERS = ["Bearer", "Bearer ", "Bearer a b", "bearer \xe9", "Bearer " + "x" * 5000, "Bearer \x00", "Bearer sd_"]
HEADERS = ["", " ", "x" * 5000, "\x7f", "é", "*", '"', "W/", '"a", "b"', ",", '"' + "9" * 40 + '"', "'; --", "\t"]


@pytest.fixture
def dry_net(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails when a value got as far as the database."""
    with caplog.at_level(logging.WARNING, logger="requests_app.kernel.api_errors"):
        yield
    caught = [record.getMessage() for record in caplog.records if record.name == "requests_app.kernel.api_errors"]
    assert caught == []


def checked(answer, what: str, *, refused: bool = False) -> Any:
    """The answer, which is below 500, and when it refuses has the one shape and says what is wrong."""
    assert answer.status_code < 500, what
    if refused:
        assert 400 <= answer.status_code < 500, f"{what} was taken"
    if answer.status_code >= 400:
        assert breaches({"$ref": "#/components/schemas/ErrorShape"}, answer.json()) == [], what
        assert answer.json()["detail"], what
        if answer.json()["code"] == "invalid":
            assert answer.json()["errors"], what
    read_to_the_end(answer)
    return answer


def leaves(shape: dict[str, Any], prefix: tuple = ()) -> Iterator[tuple]:
    """The paths to every field of a body, those inside objects and rows too."""
    while "$ref" in shape or "allOf" in shape or "oneOf" in shape:
        inner = shape["allOf"][0] if "allOf" in shape else shape["oneOf"][0] if "oneOf" in shape else shape
        shape = COMPONENTS["schemas"][inner["$ref"].rsplit("/", 1)[-1]] if "$ref" in inner else inner
    if prefix:
        yield prefix
    for name, field in shape.get("properties", {}).items():
        yield from leaves(field, (*prefix, name))
    if shape.get("type") == "array":
        yield from leaves(shape["items"], (*prefix, 0))
    if isinstance(shape.get("additionalProperties"), dict) and prefix:
        yield (*prefix, "x")


def with_value(body: dict[str, Any], path: tuple, value: str) -> bytes:
    """`body` as JSON with `value` (itself JSON) at the path."""
    marked = json.loads(json.dumps(body))
    here: Any = marked
    for step, following in zip(path, (*path[1:], None), strict=True):
        if following is None:
            _put(here, step, "@here@")
        else:
            inner = here[step] if _has(here, step) else None
            if not isinstance(inner, list if following == 0 else dict):
                inner = [] if following == 0 else {}
                _put(here, step, inner)
            here = inner
    return json.dumps(marked).replace('"@here@"', value).encode("utf-8", "surrogatepass")


def _has(place: Any, step: Any) -> bool:
    return step < len(place) if isinstance(place, list) else step in place


def _put(place: Any, step: Any, value: Any) -> None:
    if isinstance(place, list) and step >= len(place):
        place.append(value)
    else:
        place[step] = value


def send(scene: Stage, client, call, raw: bytes, content_type: str = "application/json"):
    return getattr(client, call.method)(scene.path(call), data=raw, content_type=content_type)


def every_second(names: list[str], turn: int) -> list:
    """Every second of them at every run, the others in the long one."""
    return [
        name if place % 2 == turn else pytest.param(name, marks=pytest.mark.long) for place, name in enumerate(names)
    ]


JSON_CALLS = sorted(name for name, call in CALLS.items() if call.body is not None and not call.files)
BODILESS = {
    "handoffs_accept",
    "handoffs_withdraw",
    "agreements_propose",
    "agreements_sign",
    "agreements_recompute",
    "calendars_recompute",
    "voices_vote",
    "trainings_sign_up",  # without anybody named it is oneself
    "trainings_withdraw",
}  # nothing is an answer here
PARTIAL = {"departments_change", "people_change", "services_change", "requests_change", "calendars_replace",
           "improvements_change", "improvements_change_action", "causes_change", "rating_rules_change", "needs_change",
           "courses_change", "trainings_change",
           "meetings_series_change", "groups_change", "forum_change"}  # fmt: skip


def turning(values: list[str], name: str) -> Iterator[str]:
    """All of them again and again, from another one on for each address."""
    return islice(cycle(values), JSON_CALLS.index(name) % len(values), None)


@pytest.mark.parametrize("share", [2, pytest.param(len(OTHERS), marks=pytest.mark.long)])
@pytest.mark.parametrize("name", JSON_CALLS)
def test_hostile_values_in_every_field(name, share, company, as_api, dry_net):
    call = CALLS[name]
    scene = stage(company, call.prepare)
    client = as_api(scene.person(call))
    worst, others = turning(WORST, name), turning(OTHERS, name)
    for path in leaves(body_of(name)):
        for value in [*islice(worst, min(2 * share, len(WORST))), *islice(others, share)]:
            checked(send(scene, client, call, with_value(call.body, path, value)), f"{path} = {value[:40]}")


@pytest.mark.parametrize("name", every_second(JSON_CALLS, 0))
def test_hostile_bodies(name, company, as_api, dry_net):
    call = CALLS[name]
    scene = stage(company, call.prepare)
    client = as_api(scene.person(call))
    for what, raw in BODIES.items():
        nothing_is_enough = not raw and (name in BODILESS or name in PARTIAL)
        checked(send(scene, client, call, raw), what, refused=not nothing_is_enough)
    assert checked(send(scene, client, call, TOO_LARGE), "too large").status_code == 413
    for kind in (
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/xml",
    ):
        assert checked(send(scene, client, call, b"title=x", kind), kind).status_code == 415


@pytest.mark.parametrize("name", JSON_CALLS)
def test_fields_that_nobody_asked_for_are_refused_by_name_and_change_nothing(name, company, as_api, dry_net):
    call = CALLS[name]
    scene = stage(company, call.prepare)
    departments = Department.objects.count()
    client = as_api(scene.person(call))
    known = {path[0] for path in leaves(body_of(name))}
    extra = {field: True for field in MASS if field not in known}

    answer = checked(send(scene, client, call, json.dumps(call.body | extra).encode()), "mass", refused=True)

    assert answer.status_code == 400
    assert answer.json()["errors"].keys() >= extra.keys()
    assert not Person.objects.filter(is_admin=True).exclude(pk=company.admin.pk).exists()
    assert Department.objects.count() == departments


def body_of(name: str) -> dict[str, Any]:
    return OPERATIONS[name].get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})


def in_turn(values: list[str], name: str, share: int) -> list[str]:
    """A share of the values, another one for each address, so that together the addresses hear all of them."""
    first = sorted(CALLS).index(name) * share
    return list(islice(cycle(values), first % len(values), first % len(values) + share))


@pytest.mark.parametrize("share", [8, pytest.param(len(QUERY_VALUES), marks=pytest.mark.long)])
@pytest.mark.parametrize("name", sorted(CALLS))
def test_hostile_queries(name, share, company, as_api, dry_net):
    call = CALLS[name]
    scene = stage(company, call.prepare)
    client = as_api(scene.person(call))
    for given in QUERY_NAMES:
        answer = ask(scene, client, call, f"{quote(given)}=1")
        assert checked(answer, given).status_code == 400
        assert list(answer.json()["errors"]) == [given]
    for parameter in OPERATIONS[name].get("parameters", []):
        if parameter["in"] != "query":
            continue
        for value in in_turn(QUERY_VALUES, name, share):
            checked(ask(scene, client, call, f"{parameter['name']}={quote(value)}"), f"{parameter['name']}={value!r}")
        if parameter["schema"]["type"] != "array":
            twice = f"{parameter['name']}=1&{parameter['name']}=2"
            assert checked(ask(scene, client, call, twice), twice).status_code == 400


def ask(scene: Stage, client, call, query: str):
    body = {"files": [text_file()]} if call.files else call.body
    options = {} if body is None else {"data": body, "format": "multipart" if call.files else "json"}
    path, _mark, usual = scene.path(call).partition("?")
    named = query.partition("=")[0]
    kept = [one for one in usual.split("&") if one and one.partition("=")[0] != named]
    return getattr(client, call.method)(f"{path}?{'&'.join([*kept, query])}", **options)


@pytest.mark.parametrize("share", [3, pytest.param(len(HEADERS), marks=pytest.mark.long)])
@pytest.mark.parametrize("name", every_second(sorted(CALLS), 1))
def test_hostile_headers(name, share, company, as_api, dry_net):
    call = CALLS[name]
    scene = stage(company, call.prepare)
    client = as_api(scene.person(call))
    for header in ("Idempotency-Key", "If-Match", "If-None-Match", "Accept", "Accept-Language", "Content-Length"):
        for value in in_turn(HEADERS, name, share):
            if header == "Content-Length" and not value.strip().isdigit():
                continue
            checked(scene.make(client, call, headers={header: value}), f"{header}: {value[:40]!r}")
    for value in in_turn(BEARERS, name, min(share, len(BEARERS))):
        anonymous = as_api()
        anonymous.credentials(HTTP_AUTHORIZATION=value)
        assert checked(scene.make(anonymous, call), value).status_code == 401


PATHS = [
    "requests/SR-٠٠٠٠٠١/", "requests/SR-%00/", "requests/SR-" + "9" * 15 + "/", "requests/SR-" + "9" * 40 + "/",
    "requests/SR-0/", "requests/SR--1/", "requests/sr-1/events/", "requests/1/", "requests/SR-1%2F..%2F/",
    "handoffs/" + "9" * 18 + "/", "handoffs/" + "9" * 40 + "/", "handoffs/0/", "handoffs/-1/", "handoffs/١/",
    "tokens/" + "9" * 18 + "/", "tokens/1.0/", "agreements/" + "9" * 18 + "/", "agreements/1e3/",
    "attachments/" + "9" * 18 + "/content/", "attachments/%2e%2e/content/", "departments/%00/", "departments/it%00/",
    "departments/%D0%B8%D1%82/", "departments/" + "x" * 300 + "/", "people/%00@x.test/", "people/a%20b/", "people/%ff/",
    "people/" + "x" * 5000 + "/", "people/%F0%9F%99%82@x.test/", "services/../departments/", "services/%2e%2e/",
    "calendars/standard;x/", "calendars/STANDARD/", "figures/", "",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_hostile_paths_lead_nowhere(path, company, as_api, dry_net):
    answer = checked(as_api(company.admin).get(f"/api/v1/{path}"), path, refused=True)
    assert answer.status_code == 404


def test_methods_that_an_address_does_not_have_are_refused(company, as_api, dry_net):
    scene = stage(company, "offer")
    for prepared in (
        "absence",
        "exported",
        "improvement",
        "replayed",
        "subscribed",
        "cause",
        "planned",
        "voice",
        "post",
        "talk",
        "training",
        "trained",
        "award",
        "voted",
        "recommended",
        "need",
        "group",
        "topic",
        "group_held",
        "survey",
        "campaign_draft",
        "campaign",
    ):
        scene.names |= PREPARATIONS[prepared](company, scene.service_request)
    spoken = {path: set(item) for path, item in description()["paths"].items()}
    for call in CALLS.values():
        operation = next(one for one in OPERATIONS.values() if one["path"] == template_of(call.path))
        here = scene.path(call).partition("?")[0]
        # Whoever may not see the thing, or changes nothing at all, is told that first.
        clients = [as_api(person) for person in (company.admin, scene.person(call))]
        for method in {"get", "post", "put", "patch", "delete"} - spoken[operation["path"]]:
            told = f"{method} {call.path}"
            answers = [checked(getattr(client, method)(here, {}, format="json"), told) for client in clients]
            assert 405 in [answer.status_code for answer in answers], told
        assert checked(clients[1].options(here), "options").status_code == 200


def template_of(path: str) -> str:
    """The path of a call as the description writes it."""
    path = path.partition("?")[0]
    matching = [one for one in description()["paths"] if _alike(one.removeprefix("/api/v1/"), path)]
    return min(matching, key=lambda one: one.count("{"))


def _alike(described: str, called: str) -> bool:
    pairs = list(zip(described.split("/"), called.split("/"), strict=False))
    same_length = described.count("/") == called.count("/")
    return same_length and all(one.startswith("{") or one == other for one, other in pairs)


def test_a_filing_with_every_hostile_text_is_read_back_as_it_was_written(company, as_api):
    client = as_api(company.requester)
    for text in (
        "\u202eإلى",
        "e\u0301",
        "打印机",
        "𠀀",
        "<script>alert(1)</script>",
        "=1+1",
        "{{7*7}}",
        "a\r\nBcc: b",
        "ß/ẞ",
    ):
        filed = client.post("/api/v1/requests/", FILING | {"description": text})
        assert filed.status_code == 201
        assert client.get(filed.data["links"]["self"]).json()["description"] == text
