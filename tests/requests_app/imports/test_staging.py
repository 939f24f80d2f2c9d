from datetime import UTC, datetime, timedelta

import pytest

from requests_app.imports.readers import Refused
from requests_app.imports.shapes import CaseRow
from requests_app.imports.staging import BATCH, Staging, staging_path

NOON = datetime(2024, 1, 5, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "staging.sqlite3"


def test_scattered_rows_come_back_case_by_case_in_order_of_time_then_line(path):
    with Staging(path, {"kind"}) as staging:
        for case, minutes, line in [("b", 5, 2), ("a", 9, 3), ("b", 1, 4), ("a", 7, 5), ("b", 1, 6)]:
            staging.add(case, NOON + minutes * MINUTE, line, {"kind": f"k{line}", "not needed": "x"})
        staging.finish(ignored=0)

        assert list(staging.cases()) == [
            ("b", [CaseRow(NOON + MINUTE, 4, {"kind": "k4"}), CaseRow(NOON + MINUTE, 6, {"kind": "k6"}),
                   CaseRow(NOON + 5 * MINUTE, 2, {"kind": "k2"})]),
            ("a", [CaseRow(NOON + 7 * MINUTE, 5, {"kind": "k5"}), CaseRow(NOON + 9 * MINUTE, 3, {"kind": "k3"})]),
        ]  # fmt: skip


def test_more_rows_than_one_batch_are_all_kept(path):
    with Staging(path, {"kind"}) as staging:
        for line in range(BATCH + 10):
            staging.add(str(line), NOON, line, {"kind": ""})
        staging.refuse(Refused(1, "x", "no time"))
        staging.finish(ignored=7)

        assert staging.counts() == {"rows": BATCH + 10, "cases": BATCH + 10, "refused": 1, "ignored": 7}


def test_a_finished_reading_is_found_again(path):
    with Staging(path, {"kind"}) as staging:
        assert not staging.complete
        staging.add("a", NOON, 2, {"kind": "x"})
        staging.finish(ignored=0)

    with Staging(path, {"kind"}) as staging:
        assert staging.complete
        assert [case for case, _rows in staging.cases()] == ["a"]


def test_a_reading_that_broke_off_begins_anew(path):
    with Staging(path, {"kind"}) as staging:
        staging.add("a", NOON, 2, {"kind": "x"})

    with Staging(path, {"kind"}) as staging:
        assert not staging.complete
        staging.finish(ignored=0)
        assert list(staging.cases()) == []


def test_a_spoilt_file_begins_anew(path):
    path.parent.mkdir()
    path.write_bytes(b"this is no database" * 100)

    with Staging(path, {"kind"}) as staging:
        assert not staging.complete
        staging.finish(ignored=0)
        assert staging.counts()["rows"] == 0


def test_what_was_refused_is_told_once_in_order_of_line(path):
    with Staging(path, set()) as staging:
        for line in (9, 2, 9):
            staging.refuse(Refused(line, "", "bad"))

        assert list(staging.refused()) == [Refused(2, "", "bad"), Refused(9, "", "bad")]


def test_nothing_is_left_behind_when_all_is_imported(path):
    with Staging(path, set()) as staging:
        staging.finish(ignored=0)
        staging.discard()

    assert not path.exists()


def test_another_file_or_another_mapping_is_another_staging(tmp_path):
    source, mapping = tmp_path / "a.csv", tmp_path / "m.toml"
    source.write_text("x")
    mapping.write_text("y")
    first = staging_path(tmp_path, source, mapping)
    assert staging_path(tmp_path, source, mapping) == first
    mapping.write_text("z")
    second = staging_path(tmp_path, source, mapping)
    source.write_text("longer")

    assert len({first, second, staging_path(tmp_path, source, mapping)}) == 3
