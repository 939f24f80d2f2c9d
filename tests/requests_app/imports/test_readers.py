import gzip

import pytest

from requests_app.imports.readers import BadFile, Dialect, Refused, Row, read_rows
from requests_app.imports.values import BadMapping

PLAIN = Dialect(missing=frozenset({"", "?"}))


def rows_of(path, dialect=PLAIN, needed=("a",)):
    return list(read_rows(path, dialect, needed))


def test_each_record_comes_with_the_line_it_begins_on(write):
    path = write("x.csv", 'a,b\n1,"two\nlines"\n\n3,four\n')

    assert rows_of(path) == [Row(2, {"a": "1", "b": "two\nlines"}), Row(5, {"a": "3", "b": "four"})]


def test_a_gzipped_file_is_known_by_its_first_bytes_not_by_its_name(tmp_path):
    path = tmp_path / "history.csv"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n"))

    assert rows_of(path) == [Row(2, {"a": "1", "b": "2"})]


def test_cells_are_stripped_and_missing_markers_are_empty(write):
    assert rows_of(write("x.csv", "a ,b\n ? ,  x \n")) == [Row(2, {"a": "", "b": "x"})]


def test_a_byte_order_mark_and_another_delimiter_do_no_harm(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes("\ufeffa;b\n1;2\n".encode())

    assert rows_of(path, Dialect(delimiter=";")) == [Row(2, {"a": "1", "b": "2"})]


def test_old_encodings_are_read_when_named(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes("a\nÄrger\n".encode("cp1252"))

    assert rows_of(path, Dialect(encoding="cp1252")) == [Row(2, {"a": "Ärger"})]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a,b\n1\n", "1 cells, but the header has 2"),
        (b"a,b\n1,2,3\n", "3 cells, but the header has 2"),
        (b"a,b\n1,\xff\n", "holds bytes that are no text in this encoding, or a NUL character"),
        (b"a,b\n1,\x00\n", "holds bytes that are no text in this encoding, or a NUL character"),
    ],
)
def test_a_record_that_cannot_be_used_is_refused_with_its_line(tmp_path, content, reason):
    path = tmp_path / "x.csv"
    path.write_bytes(content + b"9,9\n")

    assert rows_of(path) == [Refused(2, "", reason), Row(3, {"a": "9", "b": "9"})]


def test_a_cell_without_end_is_refused_and_the_reading_goes_on(write):
    found = rows_of(write("x.csv", f"a,b\n1,{'x' * 1_000_001}\n2,3\n"))

    assert isinstance(found[0], Refused)
    assert "not readable as CSV" in found[0].reason
    assert found[-1] == Row(3, {"a": "2", "b": "3"})


def test_a_missing_column_is_said_with_the_columns_there_are(write):
    with pytest.raises(BadMapping, match="the file has no column “c”, “d”; it has a, b"):
        rows_of(write("x.csv", "a,b\n"), needed=["a", "d", "c"])


def test_an_empty_file_has_no_column(write):
    with pytest.raises(BadMapping, match="it has nothing"):
        rows_of(write("x.csv", ""))


def test_a_file_that_breaks_off_is_no_file(tmp_path):
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(b"a\n" + b"1\n" * 1000)[:20])

    with pytest.raises(BadFile, match="cannot be read"):
        rows_of(path)


@pytest.mark.parametrize("dialect", [PLAIN, Dialect(encoding="no-such-encoding")])
def test_a_file_that_cannot_be_opened_is_said_in_one_sentence(tmp_path, write, dialect):
    path = write("x.csv", "a\n") if dialect is not PLAIN else tmp_path / "absent.csv"

    with pytest.raises(BadFile, match=r"x\.csv cannot be read|absent\.csv cannot be read"):
        rows_of(path, dialect)
