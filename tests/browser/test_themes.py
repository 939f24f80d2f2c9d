"""What people say, looked at."""

import pytest

from metrics.themes.services import find_all
from tests.browser.screens import WIDE
from tests.metrics.themes import conftest
from tests.metrics.themes.conftest import survey_closed

pytestmark = pytest.mark.django_db(transaction=True)
people, spoken, alike = conftest.people, conftest.spoken, conftest.alike


@pytest.mark.parametrize(("width", "scheme"), WIDE)
def test_what_people_say_is_accessible_and_fits(
    open_page, spoken, alike, sign_in, axe, fits, shoot, width, scheme
):  # fmt: skip
    survey_closed(spoken, ["It took too long"] * 10)
    find_all()
    page = sign_in(open_page(width=width, scheme=scheme), spoken.supplier_head.email)
    page.goto("/departments/it/as-supplier/")
    page.get_by_role("link", name="All themes and recurring needs").click()
    page.get_by_role("region", name="Asked for again and again").wait_for()
    shoot(page, f"themes-{width}-{scheme}")
    axe(page)
    fits(page)
