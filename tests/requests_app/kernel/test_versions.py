"""Rows without a version number are compared by what they say."""

import pytest

from requests_app.kernel.errors import StaleVersion
from requests_app.kernel.versions import fingerprint, require_unchanged


def test_equal_values_have_one_fingerprint_in_any_order_and_other_values_another():
    assert fingerprint({"a": 1, "b": "x"}) == fingerprint({"b": "x", "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})
    assert len(fingerprint({})) == 16


def test_a_save_based_on_other_values_is_refused_and_one_that_asks_for_nothing_is_not():
    require_unchanged(None, {"a": 1})
    require_unchanged(fingerprint({"a": 1}), {"a": 1})
    with pytest.raises(StaleVersion):
        require_unchanged(fingerprint({"a": 1}), {"a": 2})
