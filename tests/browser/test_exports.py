"""Exports of facts and targets of figures, for eyes, keyboards and phones."""

from datetime import timedelta

import pytest
from django.utils import timezone

from metrics.exports.services import ask, carry_out
from tests.browser.screens import NARROW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "scheme"), NARROW)
def test_exports_and_figure_targets_are_accessible_and_fit(
    open_page, company, sign_in, axe, fits, shoot, settings, tmp_path, width, scheme
):
    settings.MEDIA_ROOT = tmp_path
    today = timezone.localdate()
    asked = {"department": company.it, "side": "supplier", "first": today - timedelta(days=90), "last": today}
    carry_out(ask(by=company.supplier_head, **asked))
    ask(by=company.supplier_head, **asked)
    page = sign_in(open_page(width=width, scheme=scheme), company.supplier_head.email)
    for name, address in (("exports", "/exports/"), ("figure-targets", "/settings/figure-targets/")):
        page.goto(address)
        axe(page)
        fits(page)
        shoot(page, f"{name}-{width}-{scheme}")
