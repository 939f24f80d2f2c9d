"""Targets and priorities as administrators and heads set them."""

import pytest

from requests_app.agreements.models import Agreement, PriorityMatrix
from requests_app.agreements.selectors import matrix_of, promise_for
from requests_app.agreements.services import end_targets, set_matrix, set_targets
from requests_app.agreements.states import DEFAULT_MATRIX
from requests_app.calendars.services import create_calendar
from requests_app.org.services import save_department
from tests.factories import file_laptop

pytestmark = pytest.mark.django_db
SET = "/settings/targets/set/"
IT, PAIR = f"{SET}?supplier=it", f"{SET}?supplier=it&customer=sales"
USUAL = {
    "pausing": ["customer"], "acceptance_days": "5", "reopen_days": "14", "reopening": "continue", "do": "save",
}  # fmt: skip
MATRIX, IT_MATRIX = "/settings/priorities/", "/settings/priorities/?department=it"


def in_force(**parties) -> Agreement:
    return Agreement.objects.get(valid_to=None, **({"supplier": None, "customer": None, "service": None} | parties))


def times(agreement: Agreement) -> dict[str, int]:
    return {f"{target.measure}_{target.priority}": target.seconds for target in agreement.targets.all()}


def square(**changes) -> dict:
    cells = {
        f"u{urgency}_i{impact}": str(priority)
        for urgency, row in DEFAULT_MATRIX.items()
        for impact, priority in row.items()
    }
    return cells | changes


# ── Targets ──


def test_a_head_promises_in_words_and_it_holds_from_the_next_request_on(company, as_browser):
    before = file_laptop(company)
    sent = USUAL | {"response_3": "2 h 30 min", "resolution_3": "1.5 h", "resolution_1": "0:45", "version": "0"}
    answer = as_browser(company.supplier_head).post(
        IT, sent | {"pausing": ["customer", "part"], "acceptance_days": "3"}
    )

    assert (answer.status_code, answer.url) == (302, IT)
    made = in_force(supplier=company.it)
    assert times(made) == {"response_3": 9_000, "resolution_3": 5_400, "resolution_1": 2_700}
    assert (made.version, made.pausing, made.acceptance_days, made.created_by) == (
        1, ["customer", "part"], 3, company.supplier_head,
    )  # fmt: skip
    after = file_laptop(company, urgency=1, impact=3)
    assert before.clocks.get(measure="resolution").agreement.supplier is None
    assert after.clocks.get(measure="resolution").seconds == 5_400


def test_an_administrator_agrees_between_two_departments_for_one_service(company, as_browser):
    address = f"{PAIR}&service=laptop"
    answer = as_browser(company.admin).post(address, USUAL | {"response_1": "15 min"})
    assert answer.status_code == 302
    made = in_force(supplier=company.it, customer=company.sales, service=company.laptop)
    assert times(made) == {"response_1": 900}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"response_1": "soon"}, "response_1", "Write it like 4 h"),
        ({"response_1": "2 d 4 h"}, "response_1", "not both"),
        ({"resolution_5": "30 s"}, "resolution_5", "Give a time from 1 minute to 365 days"),
        ({"resolution_5": "9999 h"}, "resolution_5", "Give a time from 1 minute to 365 days"),
        ({"resolution_5": "9" * 61}, "resolution_5", "at most 60"),
        ({"resolution_5": "1 h\x00"}, "resolution_5", "a character that cannot be kept"),
        ({"response_1": ""}, "__all__", "Set at least one target"),
        ({"pausing": ["weather"]}, "pausing", "is not offered here"),
        ({"acceptance_days": "0"}, "acceptance_days", "Give 1 or more."),
        ({"acceptance_days": "61"}, "acceptance_days", "Give 60 or less."),
    ],
)
def test_what_cannot_be_promised_is_said_beside_it_and_what_was_typed_is_kept(
    changes, field, words, company, as_browser
):
    sent = USUAL | {"response_1": "45 min"} | changes
    answer = as_browser(company.supplier_head).post(IT, sent)
    assert answer.status_code == 400
    assert words in " ".join(answer.context["form"].errors[field])
    assert f'value="{sent["response_1"]}"' in answer.content.decode() or not sent["response_1"]
    assert Agreement.objects.filter(supplier=company.it).count() == 0


def test_saving_what_holds_already_makes_no_version(company, as_browser):
    set_targets(by=company.admin, supplier=company.it, targets={"response": {1: 5400}})
    sent = USUAL | {"response_1": "1 h 30 min", "version": "1"}
    answer = as_browser(company.supplier_head).post(IT, sent, follow=True)
    assert "there is no new version" in answer.content.decode()
    assert in_force(supplier=company.it).version == 1
    as_browser(company.supplier_head).post(IT, sent | {"response_1": "2 h"})
    assert in_force(supplier=company.it).version == 2


def test_targets_that_somebody_else_saved_meanwhile_are_told_and_replaced_only_knowingly(company, as_browser):
    head = as_browser(company.supplier_head)
    sent = USUAL | {"response_1": "1 h", "version": "0"}
    set_targets(by=company.admin, supplier=company.it, targets={"response": {1: 7200}})

    refused = head.post(IT, sent)
    assert refused.status_code == 400
    assert [(one.label, one.words) for one in refused.context["form"].meanwhile] == [
        ("Critical: First response", "2 h"),
    ]
    assert times(in_force(supplier=company.it)) == {"response_1": 7200}
    assert head.post(IT, sent | {"version": refused.context["form"]["version"].value()}).status_code == 302
    assert times(in_force(supplier=company.it)) == {"response_1": 3600}


def test_the_preview_says_what_would_hold_and_when_it_would_be_due(company, as_browser):
    answer = as_browser(company.supplier_head).post(
        IT, {"response_1": "8 h", "resolution_1": "2 h", "response_2": "rubbish", "do": "preview"},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    rows = answer.context["outlook"]
    assert [(row.words, row.response, row.resolution, row.is_odd) for row in rows[:3]] == [
        ("Critical", 28_800, 7_200, True),
        ("High", 7_200, 28_800, False),
        ("Medium", 14_400, 86_400, False),
    ]
    assert (rows[2].resolution_due - rows[2].response_due).total_seconds() == 72_000
    assert "Done before answered: is that meant?" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert Agreement.objects.filter(supplier=company.it).count() == 0


def test_a_calendar_that_is_never_open_has_no_due_time_and_breaks_nothing(company, as_browser):
    never = create_calendar(by=company.admin, name="Never", zone="UTC", weekly=[[]] * 7)
    save_department(by=company.admin, department=company.it, calendar_id=never.pk)
    rows = as_browser(company.supplier_head).get(IT).context["outlook"]
    assert [(row.response, row.response_due) for row in rows][:1] == [(3600, None)]


def test_an_empty_cell_says_what_would_hold_instead(company, as_browser):
    set_targets(by=company.admin, supplier=company.it, targets={"response": {1: 1800}})
    page = as_browser(company.admin).get(PAIR)
    others = {
        row.words: [(other.time, other.rule) for _bound, other in row.cells if other]
        for row in page.context["form"].rows
    }
    assert others["Critical"] == [(1800, "the supplier's own default"), (14_400, "the company's default")]
    assert "else 30\u00a0min, the supplier&#x27;s own default" in page.content.decode()
    company_page = as_browser(company.admin).get(SET).context["form"]
    assert [other for row in company_page.rows for _bound, other in row.cells] == [None] * 20


def test_what_was_agreed_ends_and_the_less_specific_holds_again(company, as_browser):
    set_targets(by=company.admin, supplier=company.it, targets={"response": {3: 60}})
    end = "/settings/targets/end/?supplier=it"
    head = as_browser(company.supplier_head)
    assert head.post(end).status_code == 302
    promised = promise_for(
        customer_id=company.sales.pk, supplier_id=company.it.pk, service_id=company.laptop.pk, priority=3,
        at=Agreement.objects.get(supplier=company.it).valid_to,
    )  # fmt: skip
    assert promised["response"].rule == "the company's default"
    assert head.post(end).status_code == 409
    assert "Ended" in head.get(IT).content.decode()
    assert head.post(IT, USUAL | {"response_3": "1 min", "version": "1"}).status_code == 302
    assert in_force(supplier=company.it).version == 2


def test_the_company_default_cannot_end(company, as_browser):
    answer = as_browser(company.admin).post("/settings/targets/end/")
    assert answer.status_code == 409
    assert "Change the company&#x27;s default instead." in answer.content.decode()
    assert in_force().version == 1


def test_every_version_is_listed_with_who_made_it(company, as_browser):
    for seconds in (60, 120):
        set_targets(by=company.supplier_head, supplier=company.it, targets={"response": {1: seconds}})
    history = as_browser(company.supplier_head).get(IT).context["history"]
    assert [(row["agreement"].version, row["agreement"].created_by.name, row["columns"][0][0]) for row in history] == [
        (2, "Sofia Supplier", 120),
        (1, "Sofia Supplier", 60),
    ]


def test_the_list_shows_what_each_reader_may_change_the_company_first(company, as_browser):
    set_targets(by=company.admin, supplier=company.it, targets={"response": {1: 60}})
    set_targets(by=company.admin, supplier=company.sales, targets={"response": {1: 60}})

    def suppliers(person):
        return [row["agreement"].supplier for row in as_browser(person).get("/settings/targets/").context["rows"]]

    assert suppliers(company.admin) == [None, company.it, company.sales]
    assert suppliers(company.supplier_head) == [company.it]
    assert suppliers(company.other_head) == []


def test_the_way_to_something_of_its_own_is_by_naming_the_parties(company, as_browser):
    head = as_browser(company.supplier_head)
    answer = head.get("/settings/targets/?supplier=it&service=laptop&customer=sales")
    assert (answer.status_code, answer.url) == (302, f"{SET}?supplier=it&service=laptop&customer=sales")
    assert list(head.get("/settings/targets/?supplier=sales").context["form"].errors) == ["supplier"]
    crossed = as_browser(company.admin).get("/settings/targets/?supplier=it&service=badge")
    assert list(crossed.context["form"].errors) == ["service"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_is_read_in_a_fixed_number_of_queries(count, company, as_browser, django_assert_num_queries):
    for department in [company.it, company.sales, company.facilities][:count]:
        set_targets(by=company.admin, supplier=department, customer=company.sales, targets={"response": {1: 60}})
    browser = as_browser(company.admin)
    with django_assert_num_queries(8):
        browser.get("/settings/targets/")


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_targets_is_read_in_a_fixed_number_of_queries(count, company, as_browser, django_assert_num_queries):
    for seconds in range(60, 60 + count):
        set_targets(by=company.admin, supplier=company.it, customer=company.sales, targets={"response": {1: seconds}})
    browser = as_browser(company.admin)
    browser.get(PAIR)  # the hours of a calendar version are read once for all
    with django_assert_num_queries(10):
        browser.get(PAIR)


# ── Priorities ──


def test_an_administrator_sets_the_company_s_priorities(company, as_browser):
    answer = as_browser(company.admin).post(MATRIX, square(u3_i3="4", do="save"))
    assert (answer.status_code, answer.url) == (302, MATRIX)
    assert matrix_of(None)[3] == {1: 3, 2: 4, 3: 4}
    assert matrix_of(company.it.pk)[3][3] == 4


def test_a_head_gives_the_department_its_own_and_takes_the_company_s_again(company, as_browser):
    head = as_browser(company.supplier_head)
    assert head.post(IT_MATRIX, square(u1_i3="1")).status_code == 302
    assert (matrix_of(company.it.pk)[1][3], matrix_of(company.sales.pk)[1][3]) == (1, 3)
    assert head.post("/settings/priorities/end/?department=it").status_code == 302
    assert matrix_of(company.it.pk) == DEFAULT_MATRIX
    assert head.post("/settings/priorities/end/?department=it").status_code == 302
    assert PriorityMatrix.objects.count() == 0


def test_a_head_comes_to_the_own_department_without_naming_it(company, as_browser):
    page = as_browser(company.supplier_head).get(MATRIX)
    assert page.context["department"] == company.it
    assert as_browser(company.admin).get(MATRIX).context["department"] is None


def test_the_company_s_priorities_do_not_end(company, as_browser):
    answer = as_browser(company.admin).post("/settings/priorities/end/")
    assert answer.status_code == 409
    assert "Change the company&#x27;s priorities instead." in answer.content.decode()


@pytest.mark.parametrize("value", ["", "0", "6", "high", "1\x00"])
def test_a_cell_without_a_priority_is_refused(value, company, as_browser):
    answer = as_browser(company.admin).post(MATRIX, square(u2_i2=value))
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["u2_i2"])
    assert PriorityMatrix.objects.count() == 0


def test_the_preview_of_priorities_saves_nothing(company, as_browser):
    answer = as_browser(company.admin).post(MATRIX, square(u3_i3="1", do="preview"), headers={"HX-Request": "true"})
    assert [priority for _words, priority in answer.context["square"][2]["cells"]] == [3, 4, 1]
    broken = as_browser(company.admin).post(MATRIX, square(u3_i3="x", do="preview"), headers={"HX-Request": "true"})
    assert (broken.status_code, [p for _w, p in broken.context["square"][2]["cells"]]) == (200, [3, 4, 5])
    assert PriorityMatrix.objects.count() == 0


def test_priorities_that_somebody_else_saved_meanwhile_are_told(company, as_browser):
    head = as_browser(company.supplier_head)
    version = head.get(IT_MATRIX).context["form"]["version"].value()
    cells = {urgency: dict(row) for urgency, row in DEFAULT_MATRIX.items()}
    cells[1][3] = 1
    set_matrix(by=company.admin, department=company.it, cells=cells)

    refused = head.post(IT_MATRIX, square(version=version))
    assert refused.status_code == 400
    assert [(one.label, one.words) for one in refused.context["form"].meanwhile] == [
        ("Work has stopped, One person", "Critical"),
    ]
    again = square(version=refused.context["form"]["version"].value())
    assert head.post(IT_MATRIX, again).status_code == 302
    assert matrix_of(company.it.pk) == DEFAULT_MATRIX


def test_an_end_is_kept_in_the_history_of_the_agreement(company):
    made = set_targets(by=company.admin, supplier=company.it, targets={"response": {1: 60}})
    ended = end_targets(by=company.admin, supplier=company.it)
    assert (ended.pk, ended.valid_to > made.valid_from) == (made.pk, True)
