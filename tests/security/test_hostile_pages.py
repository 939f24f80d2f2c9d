"""What is typed into a page stays text: it is taken as it is or refused in words, and never becomes anything else."""

from collections import Counter
from html.parser import HTMLParser
from itertools import cycle, islice
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from requests_app.desk.services.assignment import edit_request
from requests_app.desk.services.conversation import post_message
from requests_app.desk.services.filing import Filing, file_request
from requests_app.desk.services.moves import Words, move_request
from requests_app.org.services import change_profile, save_department
from tests.security.probes import ALLOWED, Probe, changed_since, code_of, send, text_of
from tests.security.routes import PROBES
from tests.security.test_canary import LISTS
from tests.security.traces import fingerprint, undone
from tests.security.world import LETTERS, World

pytestmark = pytest.mark.django_db
PAYLOADS = (Path(__file__).parent / "payloads" / "xss.txt").read_text().splitlines()
# Tried in every field; of the others each field gets some, in turn, and one field of each form gets the large word.
WORST = ["a\x00b", "9" * 400, "\u202eabc"]
OTHERS = [
    "\x00", "-1", "1e999", "NaN", "0x10", "٣", "1_0", " ", "\u0301" * 3000, "\ufeff\u200b", "../../etc/passwd",
    "'; DROP TABLE desk_message; --", "=1+1", "{{7*7}}", "🙂" * 300, "9999-12-31", "0000-00-00", "2026-02-30", "SR-٠٠٠١",
]  # fmt: skip


def every_second(names: list[str]) -> list:
    """The others are tried in the long run."""
    return [pytest.param(name, marks=[pytest.mark.long] if place % 2 else []) for place, name in enumerate(names)]


LARGE = "x" * 1_000_000
POSTS = [probe for probe in PROBES if probe.method == "post" and not probe.is_api]
CASES = {f"{probe.route}-{place}": probe for place, probe in enumerate(POSTS) if probe.body}
QUERIES = [
    ("/requests/", ["status", "priority", "customer", "service", "assignee", "asked", "due", "q", "sort", "cursor",
                    "figure", "from", "offered", "unknown"]),
    ("/departments/it/queue/", ["status", "assignee", "sort", "cursor", "q", "due"]),
    ("/services/", ["q", "need", "department"]), ("/search/", ["q"]), ("/people/suggestions/", ["q"]),
    ("/services/department/promise/", ["urgency", "impact", "customer"]), ("/services/department/new/", ["x"]),
    ("/departments/it/as-supplier/", ["from", "to", "period"]), ("/company/", ["figure", "from", "to", "period"]),
    ("/departments/it/process/", ["from", "to", "period", "side", "service", "other", "split", "time"]),
    ("/company/chain/", ["from", "to", "period", "department"]), ("/departments/it/chain/declare/", ["side", "other"]),
    ("/settings/history/", ["what", "id", "cursor"]), ("/settings/people/", ["q", "department", "who", "cursor"]),
    ("/settings/targets/set/", ["supplier", "customer", "service"]), ("/settings/priorities/", ["department"]),
    ("/settings/new-service/", ["department"]), ("/settings/services/department/form/", ["version"]),
    ("/settings/calendars/of-it/holidays/", ["country", "region", "years"]), ("/accounts/login/", ["next"]),
]  # fmt: skip


def somebody_who_may(probe: Probe) -> str:
    """The first context for whom the step is allowed; the assigned agent before others."""
    able = [letter for letter in LETTERS if letter not in probe.skip]
    able = [letter for letter in able if code_of(probe, letter, "department") in ALLOWED]
    return next((letter for letter in ("AS", "SH", "RQ", "AD") if letter in able), able[0] if able else "SH")


@pytest.mark.parametrize("share", [(2, 1), pytest.param((len(WORST), 4), marks=pytest.mark.long)])
@pytest.mark.parametrize("case", every_second(sorted(CASES)))
def test_hostile_words_in_a_form_are_taken_as_they_are_or_refused(case, share, world: World):
    """With --long every field hears all of the worst; else its share of them in turn."""
    probe, worst, others = CASES[case], cycle(WORST), cycle(OTHERS)
    letter = somebody_who_may(probe)
    names, before = world.names(letter, "department", probe.state), fingerprint()
    fields = [name for name, usual in probe.body.items() if isinstance(usual, str)]
    tried = [(name, value) for name in fields for value in [*islice(worst, share[0]), *islice(others, share[1])]]
    for name, value in [*tried, *((name, LARGE) for name in fields[:1])]:
        with undone():
            answer = send(world, probe, letter, names, {name: value.replace("{", "{{").replace("}", "}}")})
            changed = changed_since(before)
        told = f"{case}: {name} = {value[:30]!r} is {answer.status_code}"
        assert answer.status_code < 500, told
        assert answer.status_code < 400 or not changed, f"{told} and changes {changed}"


@pytest.mark.parametrize(("address", "names"), QUERIES, ids=[address for address, _names in QUERIES])
def test_hostile_words_in_an_address_are_understood_or_refused(address, names, world: World):
    client, before = world.browser("AD"), fingerprint()
    if address.startswith(
        ("/departments/it/as", "/departments/it/process", "/departments/it/chain", "/company", "/services")
    ):
        client = world.browser("SH")
    others = cycle(OTHERS)
    for name in names:
        for value in [*WORST, *islice(others, 4)]:
            status = client.get(address, {name: value}).status_code
            assert status in (200, 302, 400, 403, 404), f"{address}?{name}={value[:30]!r} is {status}"
    assert changed_since(before) == ""


@pytest.mark.parametrize(
    "raw", [b"%ED%A0%80", b"%FF%FE", b"%C3", b"%00", b"%F5%80%80%80", b"%u0041", b"&&==&=", b"\xff"]
)
def test_bytes_that_are_no_text_do_no_harm(raw, world: World):
    number = world.names("RQ", "department", "accepted")["number"]
    kind = "application/x-www-form-urlencoded"
    for address in (f"/requests/{number}/messages/", "/services/department/new/", "/look/theme/", "/i18n/setlang/"):
        answer = world.browser("RQ").post(address, b"body=" + raw + b"&title=" + raw, content_type=kind)
        assert answer.status_code < 500, address
    assert world.browser("RQ").get(f"/search/?q={raw.decode('latin-1')}").status_code < 500


class Skeleton(HTMLParser):
    """The elements of a page with the names of their attributes: what a text must not change."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.elements: Counter = Counter()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.elements[tag, *sorted(name for name, _value in attrs)] += 1


def everywhere(world: World, text: str) -> None:
    """Write the text into whatever somebody may write, as the services take it."""
    company = world.company
    filing = Filing(text, text)
    row = file_request(by=company.requester, service=world.services["department"], filing=filing)
    edit_request(by=company.requester, service_request=row, title=f"Printer {text}", description=text)
    for action, words in [("accept", {}), ("hold", {"hold_reason": "customer", "reason": text}), ("resume", {})]:
        move_request(by=company.assigned, service_request=row, action=action, words=Words(**words))
    post_message(by=company.assigned, service_request=row, body=text)
    post_message(by=company.assigned, service_request=row, body=text, internal=True)
    move_request(by=company.assigned, service_request=row, action="deliver", words=Words(reason=text))
    rejected = Words(agreed=text, received=text, remedy=text)
    move_request(by=company.requester, service_request=row, action="reject", words=rejected)
    change_profile(by=company.assigned, name=f"Ansel {text}"[:120], position=text[:120])
    save_department(by=company.admin, department=company.it, name=f"IT {text}"[:120], mission=text)
    service = world.services["department"]
    service.name, service.summary, service.description, service.quality = f"Help {text}"[:120], text[:200], text, text
    service.save()
    world.names_of[0] = {"number": row.number}


PAGES = [
    ("AS", "/requests/{number}/"), ("RQ", "/requests/{number}/"), ("AS", "/requests/{number}/edit/"), ("AS", "/"),
    ("RQ", "/"), ("AS", "/departments/it/queue/"), ("RQ", "/requests/?status=any"), ("RQ", "/search/?q=printer"),
    ("RQ", "/services/"), ("RQ", "/services/department/"), ("RQ", "/services/department/new/"),
    ("AD", "/settings/departments/"), ("AD", "/settings/departments/it/"), ("AD", "/settings/services/"),
    ("AD", "/settings/history/"), ("AD", "/settings/people/"), ("SH", "/departments/it/as-supplier/"),
    ("SH", "/company/"), ("AS", "/me/"), ("RQ", "/people/suggestions/?q=ansel"),
]  # fmt: skip


def skeletons(world: World, text: str, pages: list[tuple[str, str]] = PAGES) -> dict[str, Counter]:
    with undone():
        everywhere(world, text)
        found = {}
        for letter, address in pages:
            answer = world.browser(letter).get(address.format(**world.names_of[0]))
            assert answer.status_code in (200, 403), address
            found[f"{letter} {address}"] = Skeleton(text_of(answer)).elements
        return found


@pytest.fixture(scope="module")
def harmless(world: World) -> dict[str, Counter]:
    return skeletons(world, "Plain words")


@pytest.mark.parametrize("payload", every_second(PAYLOADS))
def test_a_text_never_becomes_markup(payload, world: World, harmless):
    every_page = PAYLOADS.index(payload) % 4 == 0  # the pages people work on with each, all others with every fourth
    found = skeletons(world, payload, PAGES if every_page else PAGES[:8])
    assert {page: found[page] - harmless[page] for page in found} == {page: Counter() for page in found}


def test_no_template_in_a_text_is_ever_worked_out(world: World):
    with undone():
        everywhere(world, "{{ 7*7 }} {% now 'Y' %} {{ settings.SECRET_KEY }} ${7*7} {0.__class__}")
        for letter, address in PAGES:
            text = text_of(world.browser(letter).get(address.format(**world.names_of[0])))
            assert settings.SECRET_KEY not in text
            assert "__class__" not in text or "{0.__class__}" in text


@pytest.mark.parametrize("case", [f"{probe.route}-{place}" for place, probe in enumerate(POSTS)])
def test_a_form_without_its_token_is_refused(case, world: World):
    probe = POSTS[int(case.rsplit("-", 1)[1])]
    letter, before = somebody_who_may(probe), fingerprint()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = world.browser(letter).cookies
    with pytest.MonkeyPatch.context() as patch, undone():
        patch.setattr(World, "browser", lambda _world, _letter: strict)
        assert send(world, probe, letter, world.names(letter, "department", probe.state)).status_code == 403
    assert changed_since(before) == ""


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/logout/", "/accounts/password/reset/",
                                     "/accounts/password/change/", "/accounts/2fa/totp/activate/", "/i18n/setlang/",
                                     "/look/theme/"])  # fmt: skip
def test_signing_in_and_what_a_reader_sets_ask_for_the_token_too(address, world: World):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = world.browser("RQ").cookies
    assert strict.post(address, {}).status_code == 403


def test_a_session_without_the_token_changes_nothing_over_the_api(world: World):
    strict, before = Client(enforce_csrf_checks=True), fingerprint()
    strict.cookies = world.browser("RQ").cookies
    body = {"service": "department", "title": "A chair"}
    answer = strict.post("/api/v1/requests/", body, content_type="application/json")
    assert (answer.status_code, changed_since(before)) == (403, "")


@pytest.mark.parametrize("letter", ["AD", "SH"])
def test_reading_every_page_changes_nothing(letter, world: World):
    before = fingerprint()
    for address in LISTS:
        client = world.program(letter) if address.startswith("/api/") else world.browser(letter)
        assert client.get(address).status_code < 500
    assert changed_since(before) == ""
