"""No address without a guard: each, with each of its methods, belongs to a row of the matrix or is a signed exception."""

from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from django.conf import settings

from requests_app.org import policies
from tests.security.probes import OUR_ROWS, Probe, changed_since, send
from tests.security.routes import EXCEPTIONS, PROBES, excepted, routes
from tests.security.traces import fingerprint, undone
from tests.security.world import World

pytestmark = pytest.mark.django_db
METHODS = ("get", "post", "put", "patch", "delete")
DESIGN = Path(settings.BASE_DIR).parent / "shared" / "design" / "permissions.csv"
NAMES = [name for name, _pattern in routes()]
# Rows about things that this version does not have. Whoever builds one takes it out of here and adds its probes.
NOT_BUILT = """
request.escalate request.link_or_merge request.approve_spend request.hard_delete request.redact_personal_data
sla.override_due_with_reason comment.edit_own_15min comment.edit_or_delete_others comment.redact
attachment.remove_own_15min feedback.view_free_text feedback.export_raw
complaint.view_identity_when_confidential complaint.respond ledger.* metrics.own_personal metrics.other_person metrics.recompute template.* webhook.*
token.read_secret_again user.impersonate audit_log.change_or_delete import.* mail.* sso.* breakglass.* saved_filter.*
"""


def test_every_address_belongs_to_a_row_of_the_matrix_or_is_a_signed_exception():
    walked = {probe.route for probe in PROBES}
    assert [name for name in NAMES if name not in walked and not excepted(name)] == []


def test_the_table_names_only_addresses_that_are_there():
    assert sorted({probe.route for probe in PROBES} - set(NAMES)) == []
    assert [pattern for pattern in EXCEPTIONS if not any(fnmatchcase(name, pattern) for name in NAMES)] == []


def test_exceptions_are_few_and_none_is_walked_besides():
    assert len(EXCEPTIONS) <= 15
    assert [probe.route for probe in PROBES if excepted(probe.route)] == []


def test_every_row_of_the_matrix_is_walked_or_not_built_yet():
    rows, walked = policies.matrix().keys(), {probe.action for probe in PROBES}
    waiting = {row for row in rows if any(fnmatchcase(row, pattern) for pattern in NOT_BUILT.split())}
    assert sorted(rows - walked - waiting) == []
    assert sorted(walked & waiting) == []
    assert sorted(walked - rows - OUR_ROWS.keys()) == []


def by_route() -> dict[str, list[Probe]]:
    found: dict[str, list[Probe]] = {}
    for probe in PROBES:
        found.setdefault(probe.route, []).append(probe)
    return found


@pytest.mark.parametrize("route", sorted(by_route()))
def test_a_method_that_is_not_in_the_table_does_nothing(route, world: World):
    """It is refused, or it shows what GET shows; a POST never hides behind an address that only reads."""
    probes, before = by_route()[route], fingerprint()
    names = world.names("AD", "department", probes[0].state)
    for method in METHODS:
        if method in {probe.method for probe in probes}:
            continue
        other = Probe(probes[0].action, route, method, probes[0].path, {}, probes[0].query)
        with undone():
            answer = send(world, other, "AD", names)
            changed = changed_since(before)
        assert not changed, f"{method} {route} changed {changed}"
        assert answer.status_code in (200, 302, 400, 403, 404, 405, 409), f"{method} {route}"


def test_the_shipped_matrix_is_that_of_the_design():
    if not DESIGN.exists():
        pytest.skip("the design is not beside this checkout")
    shipped = Path(policies.__file__).parent / "permissions.csv"
    assert shipped.read_text() == DESIGN.read_text()
