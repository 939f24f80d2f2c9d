"""Services as administrators and heads set them up: the texts, and the questions row by row."""

import pytest

from requests_app.catalogue.models import Service, ServiceForm
from requests_app.catalogue.selectors import forms_of
from requests_app.catalogue.services import change_service, create_service
from requests_app.catalogue.states import FormField
from requests_app.org.services import save_department, save_person
from tests.factories import file_laptop
from tests.factories.company import LAPTOP_FORM

pytestmark = pytest.mark.django_db
LAPTOP, FORM = "/settings/services/laptop/", "/settings/services/laptop/form/"
TEXTS = {
    "name": "Notebook", "summary": "To take along", "description": "New ones.", "quality": "Charged\nClean",
    "keywords": "ноутбук 笔记本", "need_type": "resource", "privacy": "private", "open_to_partners": "on",
}  # fmt: skip


def rows(*questions: dict, **more) -> dict:
    """Rows as the page posts them."""
    usual = {"key": "", "label": "", "type": "text", "help": "", "choices": ""}
    sent = {
        f"row{place}-{name}": value
        for place, question in enumerate(questions, start=1)
        for name, value in (usual | question).items()
    }
    return {"total": str(len(questions))} | sent | more


def stored() -> ServiceForm:
    return Service.objects.get(slug="laptop").form


# ── Texts ──


def test_a_head_changes_everything_that_others_read_about_a_service(company, as_browser):
    answer = as_browser(company.supplier_head).post(LAPTOP, TEXTS | {"owner": company.agent.pk})

    assert (answer.status_code, answer.url) == (302, LAPTOP)
    laptop = Service.objects.get(slug="laptop")
    assert (laptop.name, laptop.summary, laptop.description) == ("Notebook", "To take along", "New ones.")
    assert (laptop.criteria, laptop.keywords) == (["Charged", "Clean"], "ноутбук 笔记本")
    assert (laptop.need_type, laptop.privacy, laptop.owner) == ("resource", "private", company.agent)
    assert (laptop.open_to_partners, laptop.is_published, laptop.form.number) == (True, False, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"summary": "x" * 201}, "summary"),
        ({"keywords": "x" * 301}, "keywords"),
        ({"description": "x" * 20_001}, "description"),
        ({"description": "\x00"}, "description"),
        ({"need_type": "wish"}, "need_type"),
        ({"privacy": "secret"}, "privacy"),
        ({"owner": "999999"}, "owner"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_what_was_typed_is_kept(changes, field, company, as_browser):
    answer = as_browser(company.supplier_head).post(LAPTOP, TEXTS | changes)
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert "Clean" in answer.content.decode()
    assert Service.objects.get(slug="laptop").name == "Laptop"


def test_only_agents_of_the_department_can_be_made_responsible_but_whoever_is_stays(company, as_browser):
    head = as_browser(company.supplier_head)
    assert head.post(LAPTOP, TEXTS | {"owner": company.other_agent.pk}).status_code == 400
    change_service(by=company.admin, service=company.laptop, owner_id=company.other_agent.pk)
    assert head.post(LAPTOP, TEXTS | {"owner": company.other_agent.pk}).status_code == 302


def test_a_save_over_somebody_elses_says_what_they_wrote(company, as_browser):
    head = as_browser(company.supplier_head)
    sent = TEXTS | {"version": head.get(LAPTOP).context["form"]["version"].value(), "is_published": "on"}
    change_service(by=company.admin, service=company.laptop, summary="Theirs", open_to_partners=True)

    refused = head.post(LAPTOP, sent)
    assert refused.status_code == 400
    assert ("In one line", "Theirs") in [(one.label, one.words) for one in refused.context["form"].meanwhile]
    again = sent | {"version": refused.context["form"]["version"].value()}
    assert head.post(LAPTOP, again).status_code == 302
    assert Service.objects.get(slug="laptop").summary == "To take along"


def test_a_new_service_is_made_for_a_department_and_goes_on_with_its_questions(company, as_browser):
    answer = as_browser(company.supplier_head).post("/settings/new-service/?department=it", TEXTS)
    made = Service.objects.get(name="Notebook")
    assert (answer.status_code, answer.url) == (302, f"/settings/services/{made.slug}/form/")
    assert (made.department, made.slug, made.form.fields) == (company.it, "notebook", [])


def test_a_short_name_of_a_new_service_can_be_chosen_once(company, as_browser):
    head = as_browser(company.supplier_head)
    assert head.post("/settings/new-service/?department=it", TEXTS | {"slug": "NoteBooks"}).status_code == 302
    assert Service.objects.get(name="Notebook").slug == "notebooks"
    create_service(by=company.admin, department=company.it, name="Other", slug="notebooks-it")
    refused = head.post("/settings/new-service/?department=it", TEXTS | {"slug": "notebooks"})
    assert list(refused.context["form"].errors) == ["slug"]


def test_heads_offer_services_of_their_own_departments_only(company, as_browser):
    head = as_browser(company.supplier_head)
    asked = head.get("/settings/new-service/?department=sales")
    assert [department.slug for department in asked.context["form"].fields["department"].queryset] == ["it"]
    head.post("/settings/new-service/?department=sales", TEXTS)
    assert not Service.objects.filter(name="Notebook").exists()


def test_a_very_long_name_still_has_an_address(company, as_browser):
    answer = as_browser(company.admin).post("/settings/new-service/?department=it", TEXTS | {"name": "long " * 24})
    assert answer.status_code == 302
    assert Service.objects.get(name=("long " * 24).strip()).slug == ("long-" * 16).rstrip("-")


# ── The list ──


def test_services_stand_below_their_departments_drafts_included(company, as_browser):
    create_service(by=company.admin, department=company.it, name="Draft", is_published=False)

    def groups(person, address="/settings/services/"):
        found = as_browser(person).get(address).context["groups"]
        return {group["department"].slug: [service.name for service in group["services"]] for group in found}

    assert groups(company.admin) == {"facilities": ["Badge"], "it": ["Draft", "Laptop"]}
    assert groups(company.admin, "/settings/services/?department=it") == {"it": ["Draft", "Laptop"]}
    assert groups(company.supplier_head) == {"it": ["Draft", "Laptop"]}
    assert groups(company.customer_head) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_is_read_in_a_fixed_number_of_queries(count, company, as_browser, django_assert_num_queries):
    for n in range(count):
        team = save_department(by=company.admin, slug=f"team-{n}", name=f"Team {n}")
        create_service(by=company.admin, department=team, name=f"Help {n}", owner_id=company.agent.pk)
    browser = as_browser(company.admin)
    with django_assert_num_queries(5):
        browser.get("/settings/services/")


@pytest.mark.parametrize("count", [1, 3])
def test_the_builder_is_read_in_a_fixed_number_of_queries(count, company, as_browser, django_assert_num_queries):
    for n in range(count):
        change_service(by=company.admin, service=company.laptop, fields=LAPTOP_FORM[: n + 1])
    browser = as_browser(company.admin)
    with django_assert_num_queries(5):
        browser.get(FORM)


# ── The questions ──


def test_questions_are_saved_as_the_next_version_and_earlier_requests_keep_theirs(company, as_browser):
    asked = file_laptop(company)
    answer = as_browser(company.supplier_head).post(
        FORM,
        rows(
            {"label": "How many sockets?", "type": "number", "help": "Two fit.", "required": "on"},
            {"label": "Colour", "type": "choice", "choices": "red\n\n blue \nred", "key": "colour"},
            {"label": "Зачем?", "type": "long_text"},
            {"label": "Colour", "choices": "left over from before"},
            do="save",
        ),
    )  # fmt: skip

    assert (answer.status_code, answer.url) == (302, FORM)
    assert stored().number == 2
    assert stored().questions == [
        FormField("how_many_sockets", "How many sockets?", "number", "Two fit.", True),
        FormField("colour", "Colour", "choice", choices=("red", "blue")),
        FormField("field_3", "Зачем?", "long_text"),
        FormField("colour_4", "Colour"),
    ]
    asked.refresh_from_db()
    assert asked.form.number == 1


def test_saving_what_is_there_already_makes_no_version(company, as_browser):
    head = as_browser(company.supplier_head)
    shown = head.get(FORM).context["builder"]
    sent = rows(*[{name: value for name, value in raw.items() if name != "required" or value} for raw in shown.raw])
    answer = head.post(FORM, sent | {"do": "save", "version": shown.version}, follow=True)
    assert "there is no new version" in answer.content.decode()
    assert stored().number == 1


@pytest.mark.parametrize(
    ("button", "labels"),
    [
        ("add", ["A", "B", ""]),
        ("remove-1", ["B"]),
        ("up-2", ["B", "A"]),
        ("down-1", ["B", "A"]),
        ("preview", ["A", "B"]),
    ],
)
def test_every_button_works_without_a_script_and_saves_nothing(button, labels, company, as_browser):
    answer = as_browser(company.supplier_head).post(FORM, rows({"label": "A"}, {"label": "B"}, do=button))
    assert answer.status_code == 200
    assert [raw.get("label", "") for raw in answer.context["builder"].raw] == labels
    assert stored().number == 1


def test_the_preview_shows_the_questions_as_they_will_be_asked_also_while_they_are_not_right(company, as_browser):
    sent = rows({"label": "Size", "type": "choice", "choices": "S\nM\nL\nXL"}, {"type": "nonsense"}, do="preview")
    answer = as_browser(company.supplier_head).post(FORM, sent, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert "2 questions" in page
    assert [f">{size}</option>" in page for size in ("S", "M", "L", "XL")] == [True] * 4


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"label": ""}, "Fill this in."),
        ({"label": "Size", "type": "choice", "choices": "only one"}, "at least two answers"),
        ({"label": "Size", "key": "Größe"}, "The key starts with a letter"),
        ({"label": "Size", "type": "colour"}, "is not offered here"),
        ({"label": "x" * 201}, "at most 200"),
        ({"label": "a\x00b"}, "a character that cannot be kept"),
        ({"label": "Twice", "key": "first"}, "Two fields have the key first"),
    ],
)
def test_a_wrong_question_says_in_its_row_what_is_wrong(question, words, company, as_browser):
    sent = rows({"label": "First", "key": "first"}, question, do="save")
    answer = as_browser(company.supplier_head).post(FORM, sent)
    builder = answer.context["builder"]
    assert answer.status_code == 400
    assert builder.rows[0].errors == {}
    assert words in " ".join(str(error) for errors in builder.rows[1].errors.values() for error in errors)
    assert stored().number == 1


def test_more_questions_than_a_form_can_have_are_not_taken(company, as_browser):
    sent = rows(*[{"label": f"Q{n}"} for n in range(40)], do="add")
    answer = as_browser(company.supplier_head).post(FORM, sent)
    assert len(answer.context["builder"].rows) == 40
    sent["do"] = "save"
    assert as_browser(company.supplier_head).post(FORM, sent).status_code == 302
    assert len(stored().fields) == 40


def test_questions_that_somebody_else_saved_meanwhile_are_not_overwritten(company, as_browser):
    head = as_browser(company.supplier_head)
    version = head.get(FORM).context["builder"].version
    change_service(by=company.admin, service=company.laptop, fields=[FormField("a", "Theirs")])

    refused = head.post(FORM, rows({"label": "Mine"}, do="save", version=version))
    assert refused.status_code == 400
    assert "Somebody else saved this in between" in refused.content.decode()
    assert "Mine" in refused.content.decode()
    assert [question.label for question in stored().questions] == ["Theirs"]

    again = rows({"label": "Mine"}, do="save", version=refused.context["builder"].version)
    assert head.post(FORM, again).status_code == 302
    assert [(form.number, form.questions[0].label) for form in forms_of(company.laptop)][:2] == [
        (3, "Mine"),
        (2, "Theirs"),
    ]


def test_an_earlier_version_can_be_begun_from(company, as_browser):
    change_service(by=company.admin, service=company.laptop, fields=[FormField("a", "Second")])
    head = as_browser(company.supplier_head)
    assert [raw["label"] for raw in head.get(FORM).context["builder"].raw] == ["Second"]
    first = head.get(f"{FORM}?version=1").context
    assert [raw["label"] for raw in first["builder"].raw] == [question.label for question in LAPTOP_FORM]
    assert [form.number for form in first["versions"]] == [2, 1]


def test_a_head_who_lost_the_department_saves_nothing_any_more(company, as_browser):
    head = as_browser(company.supplier_head)
    save_person(by=company.admin, person=company.supplier_head, is_active=False)
    assert head.post(FORM, rows({"label": "Mine"}, do="save")).status_code == 302
    assert stored().number == 1
