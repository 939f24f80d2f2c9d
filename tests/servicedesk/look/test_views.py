"""The choice of light and dark, and the mark."""

import pytest

URL = "/look/theme/"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_theme_is_kept_in_a_cookie_and_leads_back(client, theme):
    response = client.post(URL, {"theme": theme, "next": "/services/?q=lamp"})

    assert (response.status_code, response["Location"]) == (302, "/services/?q=lamp")
    cookie = response.cookies["theme"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == (theme, True, "Lax")


@pytest.mark.parametrize("theme", ["", "purple", "<script>"])
def test_anything_else_is_as_the_system(client, theme):
    response = client.post(URL, {"theme": theme})
    assert response.cookies["theme"]["max-age"] == 0


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "http:///evil"]
)
def test_it_never_leads_to_another_host(client, address):
    assert client.post(URL, {"theme": "dark", "next": address})["Location"] == "/"


def test_a_link_cannot_set_it(client):
    assert client.get(URL).status_code == 405


def test_browsers_find_the_mark_where_they_look_for_it(client):
    """Beside an answer that is no page they ask for this name; a refusal would stand in their console."""
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (302, "/static/img/mark.svg")
