"""Every refusal says what happened, what was kept and what to do."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

PAGES = ["400", "403", "403_csrf", "404", "409", "429", "500", "503"]


@pytest.mark.parametrize("name", PAGES)
def test_an_error_page_needs_neither_a_request_nor_the_database(name):
    """The 500 page is drawn without a context, the 503 page while the database is away."""
    page = render_to_string(f"{name}.html")
    assert page.count("<h1>") == 1
    assert "data-refusal" in page
    assert f'<p class="code">{name[:3]}</p>' in page
    assert "None" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_a_signed_in_reader_stays_in_the_shell(name, company, rf):
    request = rf.get("/")
    request.user = company.requester
    assert 'class="dk-side"' in render_to_string(f"{name}.html", request=request)


@pytest.mark.django_db
def test_a_form_from_a_page_that_is_too_old_is_refused_with_the_remedy():
    response = Client(enforce_csrf_checks=True).post("/look/theme/", {"theme": "dark"})
    assert response.status_code == 403
    assert "load the page again and send it once more" in response.content.decode()


@pytest.mark.django_db
def test_too_many_tries_are_told_to_wait(client):
    answers = [client.post("/accounts/password/reset/", {"email": f"nobody{n}@example.test"}) for n in range(21)]
    assert [answer.status_code for answer in answers[-2:]] == [302, 429]
    assert "Try again in a minute" in answers[-1].content.decode()


@pytest.mark.django_db
def test_a_wrong_address_is_answered_404_with_a_page(client):
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert "Nothing is here, or nothing you may see" in response.content.decode()
