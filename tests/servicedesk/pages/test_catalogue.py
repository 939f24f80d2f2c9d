"""The catalogue in the browser: what is offered, what is promised to this reader, how one asks."""

import pytest

from requests_app.agreements.services import set_targets
from requests_app.catalogue.services import change_service, create_service
from requests_app.kernel import panels
from requests_app.org.models import Department
from requests_app.org.services import save_department
from tests.factories import file_laptop, make_person


@pytest.fixture
def browser(as_browser, company):
    return lambda who="requester": as_browser(getattr(company, who))


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    monkeypatch.setattr(panels, "_providers", {})


def text(client, url, status=200, **headers):
    response = client.get(url, **headers)
    assert response.status_code == status
    return response.content.decode()


def test_services_stand_under_their_departments_with_the_usual_promise(browser, company):
    set_targets(by=company.admin, supplier=company.it, customer=company.sales, targets={"resolution": {3: 7200}})
    page = text(browser(), "/services/")
    facilities, it = page.index("<h2>Facilities</h2>"), page.index("<h2>IT Services</h2>")
    assert facilities < page.index('href="/services/badge/"') < it < page.index('href="/services/laptop/"')
    assert "2\u00a0h" in page
    assert "2\u00a0h" not in text(browser("stranger"), "/services/")


def test_what_the_department_uses_comes_first(browser, company):
    assert "What your department uses most" not in text(browser(), "/services/")
    file_laptop(company)
    page = text(browser("colleague"), "/services/")
    assert page.index("What your department uses most") < page.index("<h2>Facilities</h2>")


@pytest.mark.parametrize(
    ("query", "found", "lost"),
    [
        ("?q=lapt", "laptop", "badge"),
        ("?q=laptops", "laptop", "badge"),
        ("?q=зарядка", "laptop", "badge"),
        ("?q=电脑", "laptop", "badge"),
        ("?q=facilities", "badge", "laptop"),
        ("?department=it", "laptop", "badge"),
        ("?need=technical", "laptop", "badge"),
    ],
)
def test_searching_finds_alike_words_in_three_scripts(browser, company, query, found, lost):
    change_service(
        by=company.supplier_head, service=company.laptop, keywords="笔记本电脑 зарядка", need_type="technical"
    )
    for headers in ({}, {"HTTP_HX_REQUEST": "true"}):
        page = text(browser(), f"/services/{query}", **headers)
        assert (f'href="/services/{found}/"' in page, f'href="/services/{lost}/"' in page) == (True, False)


@pytest.mark.parametrize("query", ["?q=%00", "?need=magic", "?department=a+b", "?q=" + "x" * 201])
def test_what_cannot_be_searched_for_is_said(browser, query):
    assert "This could not be searched for" in text(browser(), f"/services/{query}", status=400)


@pytest.mark.parametrize("q", ["nothing of the kind", "' OR 1=1", "%", "\\", "<script>"])
def test_nothing_found_says_what_to_do(browser, q):
    page = browser().get("/services/", {"q": q}).content.decode()
    assert ("No service of that kind" in page, "<script>alert" in page) == (True, False)


def test_a_service_says_what_is_delivered_promised_and_asked(browser, company):
    change_service(
        by=company.supplier_head, service=company.laptop, summary="New or broken", description="We bring it <b>",
        quality="Starts in a minute\nHas a charger", owner_id=company.supplier_head.pk, open_to_partners=True,
    )  # fmt: skip
    page = text(browser(), "/services/laptop/")
    for words in ("New or broken", "We bring it &lt;b&gt;", "Has a charger", "Sofia Supplier", "80\u00a0h",
                  "The company&#x27;s default, version 1", "13 inch · 15 inch", "all departments and partners",
                  'href="/services/laptop/new/"', "calendar “Standard”"):  # fmt: skip
        assert words in page


def test_without_an_owner_the_head_is_responsible(browser):
    page = text(browser(), "/services/badge/")
    assert "the head of Facilities" in page
    assert "What you will be asked" not in page


def test_upper_packages_show_how_it_really_goes(browser, tmp_path, settings):
    (tmp_path / "extra.html").write_text("<p>{{ content }} kept</p>")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]
    panels.provide("service", lambda person, service: panels.Panel("extra.html", service.name))
    assert "<p>Laptop kept</p>" in text(browser(), "/services/laptop/")


def test_who_may_see_which_service(browser, as_browser, company):
    change_service(by=company.supplier_head, service=company.laptop, is_published=False)
    assert browser().get("/services/laptop/").status_code == 404
    assert browser("supplier_head").get("/services/laptop/").status_code == 200
    assert 'href="/services/laptop/"' not in text(browser(), "/services/")
    for url in ("/services/", "/services/badge/"):
        assert as_browser().get(url).status_code == 302


def test_partners_see_what_is_opened_to_them(as_browser, company):
    partner = save_department(by=company.admin, slug="vendor", name="Vendor", kind="partner")
    guest = make_person("Gina Guest", Department.objects.get(pk=partner.pk))
    change_service(by=company.other_head, service=company.badge, open_to_partners=True)
    page = text(as_browser(guest), "/services/")
    assert ('href="/services/badge/"' in page, 'href="/services/laptop/"' in page) == (True, False)
    assert as_browser(guest).get("/services/laptop/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_nine_queries_and_a_service_seven(company, as_browser, django_assert_num_queries, rows):
    for number in range(rows):
        create_service(by=company.admin, department=company.it, name=f"Service {number}")
    file_laptop(company)
    client = as_browser(company.requester)
    for url, queries in (("/services/", 9), ("/services/laptop/", 7)):
        client.get(url)
        with django_assert_num_queries(queries):
            client.get(url)
