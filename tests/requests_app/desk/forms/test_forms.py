"""What the forms make of what was typed."""

import pytest
from django.forms import Form
from django.http import QueryDict

from requests_app.desk.forms.filing import RequestForm
from requests_app.desk.forms.lists import BulkForm, ListForm
from requests_app.desk.forms.steps import ANSWER_FORMS, MOVE_FORMS, MessageForm, RejectForm, add_refusal
from requests_app.desk.selectors.lists import Wanted
from requests_app.desk.services.moves import Words
from requests_app.desk.states import MOVES
from requests_app.kernel.errors import IllegalMove, WrongInput


def test_every_move_has_a_form_that_asks_for_what_it_needs():
    assert set(MOVE_FORMS) == set(MOVES)
    for action, move in MOVES.items():
        required = {name for name, field in MOVE_FORMS[action]().fields.items() if field.required}
        assert required == set(move.needs)
    assert set(ANSWER_FORMS) == {"accept", "decline", "withdraw"}


@pytest.mark.parametrize("form_class", [*MOVE_FORMS.values(), *ANSWER_FORMS.values()])
def test_every_form_says_what_it_does(form_class):
    assert str(form_class().heading)
    assert str(form_class().button)


def test_a_rejection_becomes_three_words():
    form = RejectForm({"agreed": " a ", "received": "b", "remedy": "c", "version": "7"})
    assert form.is_valid()
    assert (form.words(), form.seen_version, form.uploads) == (Words(agreed="a", received="b", remedy="c"), 7, [])


@pytest.mark.parametrize("version", ["", None, "x", "-1", "9" * 30])
def test_a_version_that_is_none_is_no_version(version):
    form = MOVE_FORMS["accept"]({"version": version} if version is not None else {})
    assert (form.is_valid(), form.cleaned_data.get("version")) == (version in ("", None), None)


def test_refusals_stand_at_their_fields_or_above():
    form = RejectForm({"agreed": "a", "received": "b", "remedy": "c"})
    form.is_valid()
    add_refusal(form, WrongInput({"remedy": ["Say more."], "elsewhere": ["Odd."]}))
    add_refusal(form, IllegalMove("It has ended."))
    assert dict(form.errors) == {"remedy": ["Say more."], "__all__": ["Odd.", "It has ended."]}


def test_a_message_is_internal_only_when_its_form_says_so():
    assert MessageForm({"body": "a"}).is_valid()
    for typed, internal in (({}, False), ({"internal": "1"}, True), ({"internal": ""}, False)):
        form = MessageForm({"body": "a", **typed})
        assert form.is_valid()
        assert form.cleaned_data == {"body": "a", "files": [], "internal": internal}


# ── Filing ──


def test_the_form_of_a_request_shows_questions_between_title_and_description(company):
    form = RequestForm(person=company.requester, service=company.laptop)
    assert list(form.fields) == [
        "title", "form_model", "form_needed_by", "form_pieces", "form_why", "description", "urgency", "impact", "key",
        "files",
    ]  # fmt: skip
    assert [row.name for row in form.question_rows] == ["form_model", "form_needed_by", "form_pieces", "form_why"]
    assert form["description"].help_text == "IT Services checks its delivery against this."


def test_a_service_without_a_form_asks_nothing_more(company):
    company.badge.form = None
    form = RequestForm(person=company.other_agent, service=company.badge)
    assert "on_behalf_of" in form.fields
    assert form.question_rows == []


def test_refusals_of_questions_find_their_fields(company):
    form = RequestForm({}, person=company.requester, service=company.laptop)
    form.is_valid()
    form.add_refusal(WrongInput({"form.pieces": ["Too many."], "customer": ["Not yours."]}))
    form.add_refusal(IllegalMove("The service is closed."))
    assert form.errors["form_pieces"] == ["Too many."]
    assert form.errors["__all__"] == ["Not yours.", "The service is closed."]


def test_every_opening_has_its_own_key(company):
    keys = {RequestForm(person=company.requester, service=company.laptop).initial["key"] for _opening in range(3)}
    assert len(keys) == 3


# ── Lists ──


def listed(company, query="", **options):
    return ListForm(QueryDict(query), person=company.requester, **options)


def test_an_address_without_filters_wants_what_is_open(company):
    assert listed(company).wanted() == Wanted()
    assert listed(company).wanted(usual_any=True) == Wanted(any_status=True)
    assert listed(company, sort="newest").wanted() == Wanted(sort="newest")


def test_every_filter_is_understood(company):
    query = (
        "status=new&status=any&priority=1&priority=2&customer=sales&supplier=it&service=laptop&assignee=me&asked=me"
        "&overdue=1&due=today&waits=1&offered=1&q=hinge&sort=oldest&cursor=abc"
    )
    form = listed(company, query)
    me = company.requester.pk
    assert form.wanted() == Wanted(
        status=("new",), any_status=True, priority=(1, 2), customer=(company.sales.pk,), supplier=(company.it.pk,),
        service=(company.laptop.pk,), assignee=me, asked_by=me, overdue=True, due_today=True, waits=True, q="hinge",
        sort="oldest", cursor="abc",
    )  # fmt: skip
    assert form.asks_for_offers is True
    assert [(chip.name, chip.words, chip.param, chip.value) for chip in form.chips] == [
        ("Status", "New", "status", "new"), ("Status", "any", "status", "any"),
        ("Priority", "Critical", "priority", "1"), ("Priority", "High", "priority", "2"),
        ("Customer", "Sales", "customer", "sales"), ("Supplier", "IT Services", "supplier", "it"),
        ("Service", "Laptop", "service", "laptop"), ("Agent", "me", "assignee", None),
        ("Asked by", "me", "asked", None), ("Due", "today", "due", None), ("Overdue", "yes", "overdue", None),
        ("Waiting for the customer", "yes", "waits", None), ("Offered to us", "yes", "offered", None),
        ("Words", "hinge", "q", None),
    ]  # fmt: skip


def test_what_is_not_understood_wants_nothing_and_shows_no_chips(company):
    form = listed(company, "colour=red&overdue=1")
    assert (form.wanted(), form.chips, form.asks_for_offers) == (Wanted(), [], False)
    assert listed(company, "figure=backlog", also=("figure",)).is_valid()


def test_panel_and_search_keep_what_the_other_holds(company):
    offers = {"customer": [("sales", "Sales"), ("it", "IT")]}
    form = listed(company, "status=new&customer=sales&overdue=1&q=a&sort=due&cursor=x&due=", offers=offers)

    assert list(form.panel.kept) == [("overdue", "1"), ("q", "a"), ("sort", "due")]
    assert form.kept_beside_search == [("status", "new"), ("customer", "sales"), ("overdue", "1")]
    (select,) = form.panel.selects
    assert [(choice.value, choice.on) for choice in select.choices] == [("sales", True), ("it", False)]
    assert [choice.value for choice in form.panel.status if choice.on] == ["new"]
    assert [choice.words for choice in form.sort_choices if choice.on] == ["Due first"]
    assert len(form.panel.priority) == 5
    assert form.typed_words == "a"


def test_bulk_takes_numbers_and_no_more_than_a_hundred(company):
    data = QueryDict("act=take&" + "&".join(f"pick=SR-{number:06d}" for number in range(1, 150)))
    form = BulkForm(data, agents=company.it.memberships.model.objects.none())
    assert (form.is_valid(), len(form.picked)) == (True, 100)
    assert isinstance(form, Form)
