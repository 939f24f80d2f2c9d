import io
import json
import time

import pytest
from rest_framework.exceptions import ParseError

from requests_app.kernel.parsers import DEEPEST, LARGEST_BODY, StrictJSONParser, TooLarge


def parse(raw: bytes):
    return StrictJSONParser().parse(io.BytesIO(raw))


@pytest.mark.parametrize(
    "value", [{}, [], {"a": [1, -0.5, None, True, "ё 打印机 🙂"]}, {"brackets": "]]][[[{{{"}, 9223372036854775807]
)
def test_reads_what_json_is(value):
    assert parse(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "not the JSON"),
        (b"{", "not the JSON"),
        (b'{"a": NaN}', "NaN is not a JSON value"),
        (b'{"a": -Infinity}', "-Infinity is not a JSON value"),
        (b'{"a": 1e999}', "a number is too large"),
        (b'{"a": ' + b"9" * 20 + b"}", "a number has more than 19 digits"),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', "the key 'c' is there twice"),
        (b"\xff\xfe", "not the JSON"),
        (b'{"a": "\\u0000"}', "NUL character"),
        (b'{"\\u0000": 1}', "NUL character"),
        (b'[["\\ud800"]]', "half a surrogate pair"),
    ],
)
def test_refuses_what_cannot_be_stored_or_says_two_things(raw, says):
    with pytest.raises(ParseError, match=says):
        parse(raw)


def test_takes_a_whole_surrogate_pair_as_the_letter_it_is():
    assert parse(b'"\\ud83d\\ude42"') == "🙂"


@pytest.mark.parametrize(("levels", "fits"), [(DEEPEST, True), (DEEPEST + 1, False), (100_000, False)])
@pytest.mark.parametrize(("opens", "closes"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_nesting_has_a_limit_that_is_checked_before_parsing(levels, fits, opens, closes):
    raw = opens * levels + b"1" + closes * levels
    if fits:
        parse(raw)
    else:
        with pytest.raises(ParseError, match="nested too deeply"):
            parse(raw)


@pytest.mark.parametrize(("size", "fits"), [(LARGEST_BODY, True), (LARGEST_BODY + 1, False)])
def test_a_body_has_at_most_one_mebibyte(size, fits):
    raw = b'"' + b"x" * (size - 2) + b'"'
    if fits:
        assert len(parse(raw)) == size - 2
    else:
        with pytest.raises(TooLarge):
            parse(raw)


@pytest.mark.parametrize("raw", [b'"' + b'\\"' * 500_000, b'"' * 1_000_000, b"\\" * 1_000_000, b'"\\' * 500_000])
def test_no_text_makes_the_check_slow(raw):
    began = time.process_time()
    with pytest.raises(ParseError):
        parse(raw)
    assert time.process_time() - began < 1
