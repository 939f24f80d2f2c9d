"""Rules of outgoing mail: the ladder, what is permanent, who hears of what, what may stand in a header."""

import smtplib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.events.states import KINDS
from requests_app.messaging import states
from requests_app.messaging.states import Audience


def test_the_pauses_grow_and_end_after_the_last_try():
    pauses = [states.pause_after(attempts) for attempts in range(1, states.MOST_ATTEMPTS + 1)]

    assert pauses == [60, 300, 900, 3600, 10800, 21600, 43200, 86400, None]


@pytest.mark.parametrize(
    ("error", "permanent", "about_one_mail"),
    [
        (smtplib.SMTPRecipientsRefused({"a@x.test": (550, b"no such user")}), True, True),
        (smtplib.SMTPRecipientsRefused({"a@x.test": (450, b"later")}), False, True),
        (smtplib.SMTPSenderRefused(552, b"too much", "d@x.test"), True, True),
        (smtplib.SMTPSenderRefused(451, b"later", "d@x.test"), False, True),
        (smtplib.SMTPDataError(554, b"looks like spam"), True, True),
        (smtplib.SMTPDataError(451, b"greylisted"), False, True),
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), False, False),
        (smtplib.SMTPConnectError(554, b"go away"), False, False),
        (smtplib.SMTPServerDisconnected("gone"), False, False),
        (ConnectionRefusedError(), False, False),
        (TimeoutError(), False, False),
    ],
    ids=repr,
)
def test_only_a_refusal_of_this_very_mail_is_permanent(error, permanent, about_one_mail):
    assert (states.is_permanent(error), states.is_about_one_mail(error)) == (permanent, about_one_mail)


def test_a_reply_is_for_the_other_side():
    assert states.audience_of("message.public", {"side": "supplier"}) == Audience.REQUESTER
    assert states.audience_of("message.public", {"side": "customer"}) == Audience.WORKER


def test_every_event_that_is_mailed_is_one_that_exists():
    assert set(states.AUDIENCES) - KINDS == set()
    assert "message.internal" not in states.AUDIENCES


@given(st.text(max_size=400))
def test_a_header_line_holds_no_break_no_encoded_word_and_is_short(text):
    line = states.one_line(text)

    assert line.isprintable()
    assert "=?" not in line
    assert len(line) <= states.LONGEST_SUBJECT
    assert states.one_line(line) == line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Printer\r\nBcc: all@x.test", "Printer Bcc: all@x.test"),
        ("=?utf-8?q?Hi=0d=0aBcc:_x?=", "= ?utf-8?q?Hi=0d=0aBcc:_x?="),
        ("exe\u202efdp", "exe fdp"),
        ("  two   blanks ", "two blanks"),
        ("数据库很慢", "数据库很慢"),
        ("x" * 300, "x" * 159 + "…"),
    ],
)
def test_a_header_line_keeps_the_words(typed, kept):
    assert states.one_line(typed) == kept
