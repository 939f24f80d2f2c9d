"""Nobody reads a text that the matrix does not let them read, wherever it might be shown; and everybody what it does."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import reverse

from requests_app.events.services import deliver
from requests_app.messaging.envelopes import message_of
from requests_app.messaging.models import OutgoingMail
from tests.security.canaries import KINDS, NUMBER, WORD, Told, allowed_words, names_of, plant, word
from tests.security.probes import sees, text_of
from tests.security.routes import PROBES
from tests.security.world import LETTERS, PRIVACIES, World, build_world

pytestmark = pytest.mark.django_db
FORMS = {"desk:edit", "desk:priority", "desk:take", "desk:assign", "desk:handoff", "desk:move", "desk:answer"}
LISTS = [
    "/", "/requests/", "/requests/?status=any", "/requests/?asked=me&status=any", "/requests/?assignee=me",
    "/requests/?overdue=1", "/requests/?supplier=it&status=any&sort=oldest", "/requests/?customer=sales&status=any",
    "/requests/?service=confidential&status=any", "/requests/?waits=1&sort=priority", "/services/", "/services/?q=help",
    "/departments/it/queue/", "/departments/it/queue/?status=any", "/departments/it/queue/?status=closed",
    "/departments/it/queue/?waits=1", "/departments/it/queue/?assignee=nobody", "/departments/it/queue/?offered=1",
    "/departments/sales/queue/", "/departments/legal/queue/?offered=1", "/departments/facilities/queue/",
    "/departments/it/as-supplier/", "/departments/it/as-customer/", "/departments/sales/as-supplier/",
    "/departments/sales/as-customer/", "/company/", "/company/?figure=created", "/people/suggestions/?q=an",
    "/requests/?figure=created&side=supplier&department=it&from=2020-01-01&to=2199-01-01",
    "/departments/it/process/?period=year", "/departments/sales/process/?side=customer&period=year",
    "/requests/?figure=process&side=supplier&department=it&from=2020-01-01&to=2199-01-01&part=step:1-2",
    "/requests/?figure=overdue_open&side=customer&department=sales&from=2020-01-01&to=2199-01-01",
    "/search/?q=sales", "/search/?q=Ansel", "/settings/", "/settings/history/", "/me/", "/health/", "/nowhere/",
    "/api/v1/requests/", "/api/v1/requests/?limit=100&mine=false", "/api/v1/requests/?overdue=true",
    "/api/v1/requests/?supplier=it&customer=sales&status=closed", "/api/v1/requests/?assignee=me",
    "/api/v1/requests/?requester=rita.requester@example.test", "/api/v1/handoffs/", "/api/v1/people/",
    "/api/v1/services/", "/api/v1/departments/", "/api/v1/nowhere/", "/api/v1/figures/departments/it/supplier/",
    "/api/v1/figures/departments/sales/customer/", "/api/v1/figures/matrix/?figure=created",
    "/api/v1/figures/series/?figure=created&supplier=it", "/api/v1/figures/definitions/",
    "/departments/it/passing/", "/company/passing/", "/company/chain/", "/departments/it/chain/", "/api/v1/chain/", "/api/v1/figures/departments/it/passing/", "/api/v1/figures/passing/",
]  # fmt: skip
SOUGHT = ("title", "reply", "note", "opennote", "rating", "ratingkept")
FINDERS = ("/search/?q={}", "/requests/?status=any&q={}", "/api/v1/requests/?q={}")


@pytest.fixture(scope="module")
def planted(django_db_setup, django_db_blocker) -> Iterator[tuple[World, Told]]:
    with django_db_blocker.unblock(), transaction.atomic():
        world = build_world(states=())
        yield world, plant(world)
        transaction.set_rollback(True)


def addresses(told: Told) -> Iterator[str]:
    """Every address that is read, of every request; of the forms of steps, which show the same page, one."""
    for _privacy, row in told.rows():
        names = names_of(row)
        for probe in PROBES:
            if probe.method == "get" and probe.of_request and probe.path and probe.route not in FORMS:
                kept = [value.format(**names) for value in probe.path.values()]
                if "0" not in kept:
                    yield reverse(probe.route, kwargs=dict(zip(probe.path, kept, strict=True)))
    for row in told.open.values():
        yield reverse("desk:priority", args=[row.number])
    yield from LISTS


def read(world: World, letter: str, address: str) -> str:
    """The answer without what it repeats of the question."""
    client = world.program(letter) if address.startswith("/api/v1/") else world.browser(letter)
    answer = client.get(address)
    assert answer.status_code < 500, address
    return text_of(answer).replace(address, "").replace(address.split("?")[0], "")


def words_in(text: str) -> set[str]:
    return {match[0] for match in WORD.finditer(text)}


def numbers_of(told: Told, letter: str) -> set[str]:
    return {row.number for privacy, row in told.rows() if letter != "AN" and sees(letter, privacy)}


@pytest.mark.parametrize("letter", LETTERS)
def test_everybody_sees_the_texts_that_are_theirs_to_see_and_no_other(letter, planted):
    world, told = planted
    may_see, may_know = allowed_words(letter), numbers_of(told, letter)
    seen, wrong = set(), []
    for address in dict.fromkeys(addresses(told)):
        text = read(world, letter, address)
        found = words_in(text)
        seen |= found
        strange = (found - may_see) | (set(NUMBER.findall(text)) - may_know)
        if strange:
            wrong.append(f"{letter} sees {sorted(strange)} at {address}")
    assert not wrong, "\n".join(wrong)
    assert seen == may_see


@pytest.mark.parametrize("letter", LETTERS[1:])
def test_nobody_finds_a_request_by_words_that_they_may_not_read(letter, planted):
    world, _told = planted
    may_see = allowed_words(letter)
    wrong = []
    for kind in SOUGHT:
        for privacy in PRIVACIES:
            sought = word(kind, privacy)
            for finder in FINDERS:
                found = set(NUMBER.findall(read(world, letter, finder.format(sought))))
                if found and sought not in may_see:
                    wrong.append(f"{letter} finds {sorted(found)} by {finder.format(sought)}")
    assert not wrong, "\n".join(wrong)


def test_titles_descriptions_replies_and_notes_are_found_by_whoever_may_read_them(planted):
    world, told = planted
    for letter in ("RQ", "SA", "SH", "AU"):
        for kind in ("title", "description", "reply", "note"):
            sought = word(kind, "department")
            found = told.ended["department"].number in read(world, letter, f"/api/v1/requests/?q={sought}")
            assert found == (sought in allowed_words(letter)), (letter, kind)


def test_mail_tells_its_reader_only_what_they_may_read_and_nothing_of_confidential_requests(planted):
    world, _told = planted
    deliver("messaging.notices")
    letters = {person.pk: letter for letter, person in world.company.by_context.items()}
    told, wrong = set(), []
    for mail in OutgoingMail.objects.select_related("person", "service_request"):
        message = message_of(mail)
        if message is None:
            continue
        text = f"{message.subject}\n{message.body}\n{message.alternatives[0][0]}"
        allowed = allowed_words(letters[mail.person_id]) if mail.person_id in letters else _offered_words()
        secret = {found for found in words_in(text) if found.endswith("ofconfidentialx")}
        strange = (words_in(text) - allowed) | secret
        told |= words_in(text)
        if strange:
            wrong.append(f"{mail.kind} to {mail.person}: {sorted(strange)}")
    assert not wrong, "\n".join(wrong)
    assert word("title", "department") in told


def _offered_words() -> set[str]:
    """What the department to which a request was offered may read of it."""
    return {word(kind, privacy) for kind in ("title", "offer") for privacy in ("department", "private")}


def test_the_kinds_of_text_have_rows_in_the_matrix():
    assert set(KINDS.values()) <= {probe.action for probe in PROBES}
