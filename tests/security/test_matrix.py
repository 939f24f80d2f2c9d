"""Every cell of the matrix that there is something for: what is allowed works, what is refused changes nothing."""

from functools import cache

import pytest

from requests_app.org import policies
from tests.security.probes import codes, complaint, send
from tests.security.routes import PROBES
from tests.security.traces import fingerprint
from tests.security.world import LETTERS, PRIVACIES, World

pytestmark = pytest.mark.django_db
# Rows that the database answers (visible_to), so the file alone does not turn them; other tests hold both together.
SEEN = ("request.view", "comment.view_internal")
TOLD_APART_BY_PRIVACY = ("U", "RQ", "CC", "CH", "SA", "AD")


@cache
def by_action() -> dict[str, list[int]]:
    """The act → the places of its addresses among the probes."""
    found: dict[str, list[int]] = {}
    for place, probe in enumerate(PROBES):
        found.setdefault(probe.action, []).append(place)
    return found


TURN = {place: nth for probes in by_action().values() for nth, place in enumerate(probes)}
# What is private lies between the two others: it is walked in the long run.
CELLS = [
    pytest.param(
        place,
        privacy,
        everybody,
        id=f"{probe.action}-{probe.method}-{probe.route}-{place}-{privacy}{'-everybody' if everybody else ''}",
        marks=[pytest.mark.long] if everybody or privacy == "private" else [],
    )
    for place, probe in enumerate(PROBES)
    for privacy in (PRIVACIES if probe.of_request else PRIVACIES[:1])
    for everybody in ((False, True) if len(by_action()[probe.action]) > 1 else (False,))
]


@pytest.mark.parametrize(("place", "privacy", "everybody"), CELLS)
def test_everybody_can_do_what_the_matrix_allows_and_nothing_else(place, privacy, everybody, world: World):
    """At every run of an act with several addresses each is tried by every second of them, in turn."""
    probe, before = PROBES[place], fingerprint()
    letters = [letter for letter in LETTERS if letter not in probe.skip]
    if privacy == "private":  # it differs for colleagues only; theirs and one of each other kind will do
        letters = [letter for letter in letters if letter in TOLD_APART_BY_PRIVACY]
    if not everybody and len(by_action()[probe.action]) > 1:
        letters = [letter for letter in letters if (LETTERS.index(letter) + TURN[place]) % 2 == 0]
    wrong = [found for letter in letters if (found := complaint(world, probe, letter, privacy, before))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("letter", ["AD", "AU"])
def test_who_only_looks_at_a_queue_takes_nothing_from_it(letter, world: World):
    probe = next(probe for probe in PROBES if probe.route == "desk:bulk")
    before = fingerprint()
    assert send(world, probe, letter, world.names(letter, "department", "new")).status_code == 302
    assert fingerprint() == before


SAMPLE = [
    ("request.view", "CC", "H"), ("request.view", "SA", "F"), ("request.view_sla_clock", "EX", "Y"),
    ("request.edit_text", "RQ", "F"), ("request.edit_text", "CC", "Y"), ("request.set_priority", "SA", "F"),
    ("request.take_unassigned", "SA", "F"), ("request.assign_other", "SH", "F"), ("request.cancel", "CH", "F"),
    ("request.confirm_close", "SA", "Y"), ("request.reopen", "SH", "F"), ("comment.add_public", "CC", "S"),
    ("comment.add_internal", "RQ", "Y"), ("comment.view_internal", "RQ", "Y"), ("attachment.upload", "WT", "F"),
    ("watcher.add", "WT", "Y"), ("watcher.remove_other", "SA", "Y"), ("feedback.submit_once", "CC", "Y"),
    ("request.reject_or_transfer", "SA", "S"), ("metrics.cross_department_named", "U", "Y"),
]  # fmt: skip


@pytest.mark.parametrize(("action", "letter", "code"), SAMPLE)
def test_a_cell_that_says_something_else_is_noticed(action, letter, code, world: World, monkeypatch):
    """What the walk proves: with one cell of the matrix flipped for the walk alone, it finds the product wrong."""
    row = policies.matrix()[action]
    assert row[letter] != code
    monkeypatch.setattr("tests.security.probes.codes", lambda: codes() | {action: row | {letter: code}})
    before = fingerprint()
    probes = [probe for probe in PROBES if probe.action == action]
    assert any(complaint(world, probe, letter, "department", before) for probe in probes)


@pytest.mark.parametrize(("action", "letter", "code"), [cell for cell in SAMPLE if not cell[0].startswith(SEEN)])
def test_a_product_that_reads_another_cell_is_noticed(action, letter, code, world: World, monkeypatch):
    """What the product obeys: with one cell of its own matrix flipped, the walk by the true one finds it wrong."""
    true = codes()
    flipped = policies.matrix() | {action: policies.matrix()[action] | {letter: code}}
    monkeypatch.setattr(policies, "matrix", lambda: flipped)
    monkeypatch.setattr("tests.security.probes.codes", lambda: true)
    before = fingerprint()
    probes = [probe for probe in PROBES if probe.action == action]
    assert any(complaint(world, probe, letter, "department", before) for probe in probes)
