"""Template tags: what stands in the page."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from requests_app.agreements.states import PRIORITY
from requests_app.desk.states import HandoffState, Status
from requests_app.org.models import Person
from servicedesk.look import statuses


def drawn(source: str, **context) -> str:
    return Template("{% load look %}" + source).render(Context(context)).strip().replace("\u00a0", " ")


def text_of(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


class LampForm(forms.Form):
    title = forms.CharField(label="What do you need?", help_text="One sentence.")
    place = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], required=False)
    urgency = forms.ChoiceField(widget=forms.RadioSelect, choices=[("1", "Now"), ("2", "Later")])
    copy = forms.BooleanField(required=False, label="Send a copy")


def test_every_state_of_the_life_has_an_icon_and_a_word():
    assert set(statuses.REQUEST) == set(Status.values)
    assert set(statuses.HANDOFF) == set(HandoffState.values)
    assert set(statuses.PRIORITY) == set(PRIORITY)
    assert [text_of(drawn("{% status code %}", code=code)) for code in Status.values] == [
        str(one) for one in Status.labels
    ]


def test_status_escapes_words_of_others():
    assert "&lt;b&gt;" in drawn('{% state "bad" words %}', words="<b>")


def test_an_icon_is_silent_unless_it_is_given_a_word():
    assert 'aria-hidden="true"' in drawn('{% icon "check" %}')
    assert 'role="img" aria-label="Internal"' in drawn('{% icon "lock" "Internal" %}')


@pytest.mark.parametrize(
    ("seconds", "state", "text", "meaning"),
    [
        (16_200, "running", "4 h 30", "st dk-due"), (2700, "warned", "45 min", "st dk-due warn"),
        (-4800, "running", "1 h 20 over", "st dk-due bad"), (13_800, "paused", "3 h 50 kept", "st dk-due hold"),
        (None, "running", "no target", "dk-why"),
    ],
)  # fmt: skip
def test_due_says_what_is_left_over_or_kept(seconds, state, text, meaning):
    html = drawn("{% due seconds state %}", seconds=seconds, state=state)
    assert text_of(html) == text
    assert html.startswith(f'<span class="{meaning}">')


def test_when_carries_the_exact_instant():
    with timezone.override("UTC"):
        html = drawn('{% when at "time" %}', at=datetime(2026, 11, 24, 9, 5, tzinfo=UTC))
    assert html == '<time datetime="2026-11-24T09:05:00+00:00" title="Tuesday 24 November 2026, 09:05 UTC">09:05</time>'
    assert drawn("{% when at %}", at=None) == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ines Moreau", "IM"),
        ("Anna-Lena van der Berg", "AB"),
        ("Ольга Нестерова", "ОН"),
        ("陈伟", "陈伟"),
        ("cher", "CH"),
        ("", "?"),
    ],
)
def test_initials_in_any_script(name, letters):
    assert drawn("{{ name|initials }}", name=name) == letters


def test_a_person_is_named_and_the_reader_is_you():
    reader, other = Person(pk=1, name="Ines"), Person(pk=2, name="Ben & Co")
    assert drawn("{% person who %}", who=reader, user=reader) == "You"
    assert text_of(drawn("{% person who %}", who=None, user=reader)) == "nobody"
    assert drawn("{% person who %}", who=other, user=reader) == "Ben &amp; Co"


def test_field_ties_label_help_error_and_control_together():
    form = LampForm({"title": ""})
    html = drawn("{% field form.title %}", form=form)

    assert '<label for="id_title">What do you need?</label>' in html
    assert 'aria-describedby="id_title_help id_title_msg"' in html
    assert html.index("id_title_help") < html.index('id="id_title_msg"') < html.index("<input")
    assert html.count("aria-invalid") == 1


def test_field_marks_what_is_optional_and_groups_few_choices_as_cards():
    form = LampForm()
    assert 'class="opt">optional</span>' in drawn("{% field form.place %}", form=form)
    cards = drawn("{% field form.urgency %}", form=form)
    assert cards.startswith('<fieldset class="dk-field"><legend>Urgency</legend>')
    assert 'class="dk-opts"' in cards
    assert cards.count('type="radio"') == 2
    assert "optional" not in drawn("{% field form.copy %}", form=form)


def test_field_keeps_what_was_typed():
    form = LampForm({"title": '"><script>', "urgency": "2", "place": "b"})
    assert 'value="&quot;&gt;&lt;script&gt;"' in drawn("{% field form.title %}", form=form)
    assert re.search(r'value="2" id="id_urgency_1" checked', drawn("{% field form.urgency %}", form=form))
    assert '<option value="b" selected>' in drawn("{% field form.place %}", form=form)


def test_form_errors_link_to_the_fields():
    form = LampForm({"title": "", "urgency": "2"})
    form.is_valid()
    html = drawn("{% form_errors form %}", form=form)
    assert '<a href="#id_title">What do you need?</a>: Fill this in.' in html
    assert drawn("{% form_errors form %}", form=LampForm()) == ""


def test_a_clock_over_its_target_shows_where_the_target_was():
    html = drawn("{% clock one %}", one={"label": "Answer", "state": "missed", "elapsed": 9000, "target": 7200})
    assert "2 h 30 min of 2 h" in text_of(html)
    assert 'width="80.00%" height="100%" class="f-us"' in html
    assert 'width="20.00%" height="100%" class="f-bad"' in html
    assert '<rect x="80.00%" y="0" width="2"' in html


def test_a_clock_with_pauses_draws_them_hatched():
    one = {
        "label": "R",
        "state": "paused",
        "elapsed": 60,
        "target": 120,
        "paused": 80,
        "parts": [("us", 60), ("pause", 80)],
    }
    html = drawn("{% clock one %}", one=one)
    assert 'x="30.00%" y="0" width="40.00%" height="100%" fill="url(#hatch)"' in html
    assert "paused 1 min" in text_of(html)


def test_holders_add_up():
    parts = [{"kind": "us", "name": "IT", "seconds": 48_300}, {"kind": "cust", "name": "Sales", "seconds": 31_200}]
    html = drawn('{% holders parts "Working time since filing" %}', parts=parts)
    assert text_of(html).split("Working time since filing")[1].strip() == "22 h 05 min"
    assert 'aria-label="IT 13 h 25 min, Sales 8 h 40 min"' in html


def test_a_tile_without_a_value_says_why():
    html = drawn("{% tile one %}", one={"name": "Satisfaction", "why": "no rated requests yet"})
    assert "no rated requests yet" in html
    assert "<svg" not in html


def test_chart_data_cannot_break_out_of_its_block():
    html = drawn('{% chart "line" data %}', data={"label": "x", "x": ["</script><script>alert(1)</script>"]})
    assert "</script><script>" not in html


def test_pages_and_chips_keep_the_other_parameters():
    request = RequestFactory().get("/q/", {"status": ["new", "on_hold"], "cursor": "abc", "sort": "due"})
    page = SimpleNamespace(next="n&1", previous="")
    html = drawn('{% pages page "15 of 42 shown" %}', page=page, request=request)
    assert 'href="/q/?status=new&amp;status=on_hold&amp;cursor=n%261&amp;sort=due"' in html
    assert 'rel="prev"' not in html

    filters = [
        {"name": "Status", "words": "New", "param": "status", "value": "new"},
        {"name": "Sort", "words": "due", "param": "sort"},
    ]
    html = drawn("{% chips filters %}", filters=filters, request=request)
    assert re.findall(r'<a href="([^"]+)"', html) == [
        "/q/?status=on_hold&amp;sort=due",
        "/q/?status=new&amp;status=on_hold",
    ]


def test_query_changes_and_drops_parameters():
    request = RequestFactory().get("/q/", {"a": "1", "cursor": "x"})
    assert drawn("{% query sort='due' cursor=None %}", request=request) == "?a=1&amp;sort=due"
    assert drawn("{% query a=None cursor=None %}", request=request) == "?"


def test_crumbs_end_with_where_one_is():
    html = drawn("{% crumbs '/services/' 'Services' name %}", name="Facilities")
    assert re.findall(r"<li.*?</li>", html) == [
        '<li><a href="/services/">Services</a></li>',
        '<li aria-current="page">Facilities</li>',
    ]


def test_demo_accounts_are_shown_only_in_the_demo(settings):
    settings.DEMO = False
    assert drawn("{% demo_accounts as demo %}{{ demo|length }}") == "0"
    settings.DEMO = True
    assert drawn("{% demo_accounts as demo %}{{ demo.0.email }}") == "staff@demo.example"
