"""People as administrators set them up, and one's own profile."""

import re

import pytest
from django.core import mail

from requests_app.org.models import ApiToken, Membership, Person
from requests_app.org.services import create_token, save_person, set_hats
from tests.factories import make_person

pytestmark = pytest.mark.django_db
NEW = {
    "name": "Nora New", "email": "Nora.New@Example.test", "department": "it", "role": "agent", "position": "Technician",
    "language": "ru", "time_zone": "Asia/Shanghai", "sign_in": "later",
}  # fmt: skip
GOOD_PASSWORD = "a long enough sentence"


def shown(form, **changes) -> dict:
    """What a page shows in a form, as it would be sent, with changes; None leaves a field out."""
    values = {bound.name: bound.value() for bound in form} | changes
    return {name: value for name, value in values.items() if value not in (None, False)}


def page_of(person: Person) -> str:
    return f"/settings/people/{person.pk}/"


def roles(person, department) -> set[str]:
    return set(Membership.objects.filter(person=person, department=department).values_list("role", flat=True))


# ── The list ──


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=supplier", ["Sofia Supplier"]),
        ("q=example.test+sofia", ["Sofia Supplier"]),
        ("department=it", ["Ansel Assigned", "Anton Agent", "Sofia Supplier"]),
        ("who=admins", ["Ada Admin"]),
        ("who=executives", ["Ex Executive"]),
        ("who=auditors", ["Aud Auditor"]),
        ("who=former", ["Frida Former"]),
        ("who=former&department=it", []),
    ],
)
def test_people_are_found_by_words_department_and_role(query, names, company, as_browser):
    make_person("Frida Former", company.sales, is_active=False)
    page = as_browser(company.admin).get(f"/settings/people/?{query}").context["page"]
    assert [person.name for person in page.rows] == names


def test_whoever_has_no_access_any_more_is_not_among_everybody(company, as_browser):
    make_person("Frida Former", company.sales, is_active=False)
    names = [person.name for person in as_browser(company.admin).get("/settings/people/").context["page"].rows]
    assert "Frida Former" not in names
    assert len(names) == 13


def test_a_long_list_goes_on_on_the_next_page(company, as_browser):
    Person.objects.bulk_create(Person(email=f"p{n}@example.test", name=f"Zoe {n:03}") for n in range(60))
    first = as_browser(company.admin).get("/settings/people/?q=Zoe")
    second = as_browser(company.admin).get(f"/settings/people/?q=Zoe&cursor={first.context['page'].next}")
    assert [person.name for person in second.context["page"].rows] == [f"Zoe {n:03}" for n in range(50, 60)]
    assert "q=Zoe&amp;cursor=" in first.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_is_read_in_a_fixed_number_of_queries(rows, company, as_browser, django_assert_num_queries):
    for n in range(rows):
        make_person(f"Nina {n}", company.it, "agent", "head")
    browser = as_browser(company.admin)
    with django_assert_num_queries(7):
        assert len(browser.get("/settings/people/?q=Nina").context["page"].rows) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_a_person_is_read_in_a_fixed_number_of_queries(rows, company, as_browser, django_assert_num_queries):
    for n, department in enumerate([company.it, company.facilities, company.sales][:rows]):
        set_hats(by=company.admin, person=company.stranger, department=department, roles={"member", "agent"})
        create_token(person=company.stranger, name=f"Script {n}")
    browser = as_browser(company.admin)
    with django_assert_num_queries(8):
        browser.get(page_of(company.stranger))


# ── Adding somebody ──


def test_a_person_is_added_with_department_role_and_own_language(company, as_browser):
    answer = as_browser(company.admin).post("/settings/new-person/", NEW)

    nora = Person.objects.get(email="nora.new@example.test")
    assert (answer.status_code, answer.url) == (302, page_of(nora))
    assert (nora.name, nora.position, nora.language, nora.time_zone) == (
        "Nora New",
        "Technician",
        "ru",
        "Asia/Shanghai",
    )
    assert (nora.is_admin, nora.is_active, nora.has_usable_password()) == (False, True, False)
    assert [(hat.department.slug, hat.role, hat.home) for hat in nora.memberships.all()] == [("it", "agent", True)]
    assert mail.outbox == []


def test_somebody_without_a_department_belongs_to_none(company, as_browser):
    as_browser(company.admin).post("/settings/new-person/", NEW | {"department": "", "role": ""})
    assert Membership.objects.filter(person__email="nora.new@example.test").count() == 0


def test_without_a_role_somebody_is_a_member(company, as_browser):
    as_browser(company.admin).post("/settings/new-person/", NEW | {"role": ""})
    assert roles(Person.objects.get(email="nora.new@example.test"), company.it) == {"member"}


def test_a_new_person_gets_a_link_and_chooses_a_password_with_it(company, as_browser):
    as_browser(company.admin).post("/settings/new-person/", NEW | {"sign_in": "link"})

    assert [message.to for message in mail.outbox] == [["nora.new@example.test"]]
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mail.outbox[0].body)[1]
    browser = as_browser()
    form = browser.get(link, follow=True)
    browser.post(form.redirect_chain[-1][0], {"password1": GOOD_PASSWORD, "password2": GOOD_PASSWORD})
    assert Person.objects.get(email="nora.new@example.test").check_password(GOOD_PASSWORD)


def test_a_first_password_set_by_the_administrator_works_and_is_not_in_the_answer(company, as_browser):
    sent = NEW | {"sign_in": "password", "password": GOOD_PASSWORD}
    answer = as_browser(company.admin).post("/settings/new-person/", sent, follow=True)

    assert Person.objects.get(email="nora.new@example.test").check_password(GOOD_PASSWORD)
    assert GOOD_PASSWORD not in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"email": "no address"}, "email"),
        ({"email": "RITA.requester@example.test"}, "email"),
        ({"department": "nowhere"}, "department"),
        ({"role": "king"}, "role"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"sign_in": "password", "password": ""}, "password"),
        ({"sign_in": "password", "password": "short"}, "password"),
        ({"sign_in": "password", "password": "nora.new@example.test"}, "password"),
        ({"sign_in": "magic"}, "sign_in"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_nobody_is_added(changes, field, company, as_browser):
    answer = as_browser(company.admin).post("/settings/new-person/", NEW | changes)
    assert answer.status_code == 400
    assert answer.context["form"].errors[field]
    assert "Technician" in answer.content.decode()
    assert Person.objects.filter(name="Nora New").count() == 0


# ── Changing somebody ──


def test_an_administrator_changes_address_and_company_wide_roles(company, as_browser):
    browser = as_browser(company.admin)
    form = browser.get(page_of(company.requester)).context["form"]
    answer = browser.post(
        page_of(company.requester), shown(form, email="rita@example.test", is_auditor="on", is_executive="on")
    )

    assert (answer.status_code, answer.url) == (302, page_of(company.requester))
    rita = Person.objects.get(pk=company.requester.pk)
    assert (rita.email, rita.is_auditor, rita.is_executive, rita.is_admin) == ("rita@example.test", True, True, False)


def test_administrators_do_not_change_their_own_address_roles_or_access(company, as_browser):
    browser, own = as_browser(company.admin), page_of(company.admin)
    form = browser.get(own).context["form"]
    assert set(form.fields) == {"version", "name", "position", "language", "time_zone"}
    assert "End access" not in browser.get(own).content.decode()

    assert browser.post(own, shown(form, position="CIO", is_auditor="on", email="x@example.test")).status_code == 302
    assert browser.post(f"{own}access/", {}).status_code == 403
    ada = Person.objects.get(pk=company.admin.pk)
    assert (ada.position, ada.email, ada.is_auditor, ada.is_active) == ("CIO", "ada.admin@example.test", False, True)


def test_a_save_over_somebody_elses_says_what_they_wrote(company, as_browser):
    browser = as_browser(company.admin)
    sent = shown(browser.get(page_of(company.requester)).context["form"], position="Mine")
    save_person(by=company.admin, person=company.requester, position="Theirs")

    refused = browser.post(page_of(company.requester), sent)
    assert refused.status_code == 400
    assert [(one.label, one.words) for one in refused.context["form"].meanwhile] == [("Position", "Theirs")]
    again = sent | {"version": refused.context["form"]["version"].value()}
    assert browser.post(page_of(company.requester), again).status_code == 302
    assert Person.objects.get(pk=company.requester.pk).position == "Mine"


def test_whose_access_ends_is_out_with_the_next_click_and_comes_back_when_it_is_given_again(
    company, as_browser, as_api
):
    rita, api = as_browser(company.requester), as_api(company.requester)
    assert (rita.get("/me/").status_code, api.get("/api/v1/people/me/").status_code) == (200, 200)

    as_browser(company.admin).post(f"{page_of(company.requester)}access/", {})
    assert (rita.get("/me/").status_code, api.get("/api/v1/people/me/").status_code) == (302, 401)

    page = as_browser(company.admin).get(page_of(company.requester)).content.decode()
    assert "Without access" in page
    assert "Send a link" not in page
    as_browser(company.admin).post(f"{page_of(company.requester)}access/", {"access": "give"})
    assert Person.objects.get(pk=company.requester.pk).is_active
    assert api.get("/api/v1/people/me/").status_code == 200


def test_a_password_set_here_signs_the_person_out_everywhere(company, as_browser):
    rita = as_browser(company.requester)
    answer = as_browser(company.admin).post(f"{page_of(company.requester)}password/", {"password": GOOD_PASSWORD})

    assert answer.status_code == 302
    assert Person.objects.get(pk=company.requester.pk).check_password(GOOD_PASSWORD)
    assert rita.get("/me/").status_code == 302


@pytest.mark.parametrize("password", ["", "short", "rita.requester@example.test"])
def test_a_weak_password_is_refused_with_what_it_lacks(password, company, as_browser):
    answer = as_browser(company.admin).post(f"{page_of(company.requester)}password/", {"password": password})
    assert answer.status_code == 400
    assert answer.context["password_form"].errors["password"]


def test_the_link_goes_to_the_person_and_to_nobody_without_access(company, as_browser):
    browser = as_browser(company.admin)
    browser.post(f"{page_of(company.requester)}link/")
    assert [message.to for message in mail.outbox] == [[company.requester.email]]

    save_person(by=company.admin, person=company.stranger, is_active=False)
    answer = browser.post(f"{page_of(company.stranger)}link/", follow=True)
    assert len(mail.outbox) == 1
    assert "The link could not be sent" in answer.content.decode()


def test_a_mail_server_that_is_away_is_told_and_nothing_breaks(company, as_browser, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    answer = as_browser(company.admin).post(f"{page_of(company.requester)}link/", follow=True)
    assert answer.status_code == 200
    assert "The link could not be sent" in answer.content.decode()


# ── Hats and tokens ──


def test_hats_are_set_for_one_department_at_a_time(company, as_browser):
    browser, address = as_browser(company.admin), f"{page_of(company.requester)}departments/"
    browser.post(address, {"department": "it", "roles": ["agent", "deputy"], "home": "on"})

    assert roles(company.requester, company.it) == {"agent", "deputy"}
    assert roles(company.requester, company.sales) == {"member"}
    assert Membership.objects.get(person=company.requester, home=True).department == company.it
    browser.post(address, {"department": "it"})
    assert roles(company.requester, company.it) == set()


@pytest.mark.parametrize("sent", [{}, {"department": "nowhere"}, {"department": "it", "roles": ["king"]}])
def test_hats_that_do_not_exist_are_refused(sent, company, as_browser):
    answer = as_browser(company.admin).post(f"{page_of(company.requester)}departments/", sent)
    assert answer.status_code == 400
    assert answer.context["hats_form"].errors


def test_an_administrator_withdraws_a_token_of_somebody_but_only_through_its_owner(company, as_browser, as_api):
    api = as_api(company.requester)
    token = ApiToken.objects.get(person=company.requester)
    browser = as_browser(company.admin)

    assert browser.post(f"{page_of(company.stranger)}tokens/{token.pk}/end/").status_code == 404
    assert browser.post(f"{page_of(company.requester)}tokens/{token.pk}/end/").status_code == 302
    assert api.get("/api/v1/people/me/").status_code == 401


# ── One's own profile ──


def test_everybody_says_name_position_language_and_zone_of_themselves(company, as_browser):
    browser = as_browser(company.requester)
    form = browser.get("/me/").context["form"]
    sent = shown(form, name="Rita R.", position="Buyer", language="ru", time_zone="Asia/Shanghai")
    assert browser.post("/me/", sent | {"is_admin": "on", "email": "x@example.test"}).status_code == 302

    rita = Person.objects.get(pk=company.requester.pk)
    assert (rita.name, rita.position, rita.language, rita.time_zone) == ("Rita R.", "Buyer", "ru", "Asia/Shanghai")
    assert (rita.is_admin, rita.email) == (False, "rita.requester@example.test")
    assert '<html lang="ru"' in browser.get("/me/").content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"time_zone": "x"}, "time_zone"),
        ({"language": "xx"}, "language"),
    ],
)
def test_a_profile_that_cannot_be_is_refused(changes, field, company, as_browser):
    answer = as_browser(company.requester).post("/me/", {"name": "Rita", "position": "As typed"} | changes)
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert "As typed" in answer.content.decode()


def test_a_profile_changed_elsewhere_meanwhile_is_told(company, as_browser):
    browser = as_browser(company.requester)
    sent = shown(browser.get("/me/").context["form"], position="Mine")
    save_person(by=company.admin, person=company.requester, position="Theirs")
    refused = browser.post("/me/", sent)
    assert refused.status_code == 400
    assert [one.words for one in refused.context["form"].meanwhile] == ["Theirs"]


@pytest.mark.parametrize(("reads", "read_only"), [("yes", True), ("no", False)])
def test_a_token_is_shown_once_and_works(reads, read_only, company, as_browser, client):
    browser = as_browser(company.requester)
    answer = browser.post("/me/tokens/", {"name": "Nightly report", "days": "30", "reads": reads})
    text = re.search(r"sd_[\w-]+", answer.content.decode())[0]

    assert client.get("/api/v1/people/me/", headers={"Authorization": f"Bearer {text}"}).status_code == 200
    assert ApiToken.objects.get(person=company.requester).read_only is read_only
    assert text not in browser.get("/me/").content.decode()
    assert answer.headers["Cache-Control"] == "no-store"


def test_somebody_who_only_looks_gets_a_token_that_only_reads(company, as_browser):
    as_browser(company.auditor).post("/me/tokens/", {"name": "Audit", "days": "30", "reads": "no"})
    assert ApiToken.objects.get(person=company.auditor).read_only


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"days": "0"}, "days"),
        ({"days": "366"}, "days"),
        ({"days": "x"}, "days"),
        ({"reads": "all"}, "reads"),
    ],
)
def test_a_token_that_cannot_be_is_refused(changes, field, company, as_browser):
    sent = {"name": "Script", "days": "30", "reads": "yes"} | changes
    answer = as_browser(company.requester).post("/me/tokens/", sent)
    assert (answer.status_code, list(answer.context["token_form"].errors)) == (400, [field])
    assert ApiToken.objects.count() == 0


def test_people_withdraw_their_own_tokens_and_nobody_elses(company, as_browser, as_api):
    as_api(company.requester), as_api(company.stranger)
    own, other = (ApiToken.objects.get(person=person) for person in (company.requester, company.stranger))
    browser = as_browser(company.requester)

    assert browser.post(f"/me/tokens/{other.pk}/end/").status_code == 404
    assert browser.post(f"/me/tokens/{own.pk}/end/").status_code == 302
    assert list(ApiToken.objects.all()) == [other]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_profile_is_read_in_a_fixed_number_of_queries(rows, company, as_browser, django_assert_num_queries):
    for n, department in enumerate([company.it, company.facilities, company.sales][:rows]):
        set_hats(by=company.admin, person=company.stranger, department=department, roles={"member"})
        create_token(person=company.stranger, name=f"Script {n}")
    browser = as_browser(company.stranger)
    with django_assert_num_queries(5):
        browser.get("/me/")
