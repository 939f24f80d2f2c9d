"""Every cell of the matrix that there is something for: what is allowed works, what is refused changes nothing."""

import pytest

from tests.security.probes import complaint
from tests.security.routes import PROBES
from tests.security.world import LETTERS, PRIVACIES, World, fingerprint

pytestmark = pytest.mark.django_db
TOLD_APART_BY_PRIVACY = ("U", "RQ", "CC", "CH", "SA", "AD")
CELLS = [
    pytest.param(probe, privacy, id=f"{probe.action}-{probe.method}-{probe.route}-{place}-{privacy}")
    for place, probe in enumerate(PROBES)
    for privacy in (PRIVACIES if probe.of_request else PRIVACIES[:1])
]


@pytest.mark.parametrize(("probe", "privacy"), CELLS)
def test_everybody_can_do_what_the_matrix_allows_and_nothing_else(probe, privacy, world: World):
    before = fingerprint()
    letters = [letter for letter in LETTERS if letter not in probe.skip]
    if privacy == "private":  # it differs for colleagues only; theirs and one of each other kind will do
        letters = [letter for letter in letters if letter in TOLD_APART_BY_PRIVACY]
    wrong = [found for letter in letters if (found := complaint(world, probe, letter, privacy, before))]
    assert not wrong, "\n".join(wrong)
