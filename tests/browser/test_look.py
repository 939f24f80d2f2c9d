"""The look as a person meets it: reads well, needs no script, breaks no rule of the content policy."""

import gzip

import pytest
from playwright.sync_api import Page, expect

from tests.browser.drafts import drafts_on, until_kept
from tests.browser.screens import SCREENS
from tests.factories.company import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.browser.gallery")]

NO_SCRIPT = {"script": False}
WEIGHT_LIMIT = 250_000


@pytest.fixture
def reader(company, sign_in):
    """reader(page): the head of IT looks at the gallery."""

    def look(page: Page, address: str = "/gallery/") -> Page:
        sign_in(page, company.supplier_head.email).goto(address)
        return page

    return look


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_gallery_is_accessible_and_fits(width, scheme, open_page, reader, axe, fits, shoot):
    page = reader(open_page(width=width, scheme=scheme))
    page.wait_for_function("window.chartsReady")

    axe(page)
    fits(page)
    shoot(page, f"gallery-{width}-{scheme}")


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_sign_in_is_accessible_and_fits(width, scheme, open_page, axe, fits, shoot):
    page = open_page(width=width, scheme=scheme)
    page.goto("/accounts/login/")

    axe(page)
    fits(page)
    shoot(page, f"sign-in-{width}-{scheme}")


@pytest.mark.parametrize(
    "address", ["password/reset/", "password/reset/done/", "password/reset/key/x-y/", "signup/", "inactive/"]
)
def test_account_pages_for_anybody_are_accessible(address, page, axe, fits, shoot):
    page.goto(f"/accounts/{address}")
    axe(page)
    fits(page)
    shoot(page, "account-" + address.strip("/").replace("/", "-"))


@pytest.mark.parametrize("page", [{"width": 360, "scheme": "dark"}], indirect=True)
@pytest.mark.parametrize("address", ["password/change/", "reauthenticate/", "2fa/", "logout/"])
def test_account_pages_of_a_reader_are_accessible(address, page, reader, axe, fits, shoot):
    reader(page, f"/accounts/{address}")
    axe(page)
    fits(page)
    shoot(page, "account-" + address.strip("/").replace("/", "-"))


@pytest.mark.parametrize("page", [{}, NO_SCRIPT, {"width": 360}], indirect=True)
def test_a_person_signs_in_and_out_with_and_without_script(page, company):
    page.goto("/accounts/login/?next=/gallery/")
    page.get_by_label("E-mail address").fill(company.supplier_head.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Second power feed")

    if page.viewport_size["width"] < 500:
        page.get_by_role("link", name="More").click()
    page.locator(".dk-me summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/gallery/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_refused_sign_in_says_why_above_the_field_and_keeps_the_address(page, axe, shoot, company):
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(company.requester.email)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("E-mail address")).to_have_value(company.requester.email)
    axe(page)
    shoot(page, "sign-in-refused")


@pytest.mark.parametrize("page", [{}, NO_SCRIPT], indirect=True)
def test_the_theme_is_kept_and_drawn_by_the_server(page, reader):
    reader(page)
    toggle = page.get_by_role("button", name="Switch between light and dark").last

    with page.expect_response("**/look/theme/"):
        toggle.click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    with page.expect_response("**/gallery/") as answer:
        page.reload()
    assert 'data-bs-theme="dark"' in answer.value.text()

    with page.expect_response("**/look/theme/"):
        toggle.click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


@pytest.mark.parametrize("page", [{}, NO_SCRIPT], indirect=True)
def test_the_language_is_switched_in_the_readers_menu(page, reader):
    reader(page)
    page.locator(".dk-me summary").click()
    page.get_by_role("button", name="Русский").click()

    expect(page.locator("html")).to_have_attribute("lang", "ru")
    assert page.url.endswith("/gallery/")


def test_keys_reach_search_rows_links_and_fields(page, reader):
    reader(page)

    page.keyboard.press("/")
    expect(page.locator("#find-all")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[data-row].cur .ttl")).to_have_text("Снимки серверной для страховой")
    page.keyboard.press("k")
    expect(page.locator("[data-row].cur .ttl")).to_have_text("Second power feed for the rack room")
    page.keyboard.press("r")
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.type("gw")
    expect(page.locator("#note")).to_have_value("gw")
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("w")
    expect(page).to_have_url("/gallery/?watching=1")


def test_the_list_of_keys_opens_and_can_switch_them_off(page, reader, axe):
    reader(page)
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys).to_be_visible()
    axe(page)

    keys.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("?")
    expect(keys).to_be_hidden()


def test_the_palette_finds_pages_and_what_the_search_finds(page, reader, axe, shoot):
    reader(page)
    page.keyboard.press("Control+k")
    palette = page.get_by_role("combobox", name="Go anywhere by name")
    expect(palette).to_be_focused()
    axe(page)
    shoot(page, "palette")

    palette.fill("lamp")
    expect(page.get_by_role("option", name="SR-000123 Lamp in room 4")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/gallery/?found=1")


def test_a_draft_outlives_the_page_and_is_gone_once_taken(page, reader):
    reader(page)
    page.locator("#note").fill("Both sockets on their own breaker")
    expect(page.locator("[data-draft-note]")).to_be_visible()
    page.reload()
    expect(page.locator("#note")).to_have_value("Both sockets on their own breaker")

    page.get_by_role("button", name="Keep the note").click()
    page.wait_for_url("/gallery/")
    expect(page.locator("#note")).to_have_value("")


def test_a_draft_is_for_who_typed_it_through_an_ended_session_and_gone_at_sign_out(page, reader, company, sign_in):
    reader(page)
    page.locator("#note").fill("Both sockets")
    until_kept(page, "localStorage")
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    reader(page)
    expect(page.locator("#note")).to_have_value("Both sockets")

    sign_in(page, company.requester.email).goto("/gallery/")
    expect(page.locator("#note")).to_have_value("")
    page.locator("#note").fill("Mine")
    until_kept(page, "localStorage")
    page.locator(".dk-me summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    assert drafts_on(page) == []


def test_a_draft_is_kept_when_the_server_refuses_it_and_can_be_thrown_away(page, reader):
    reader(page)
    page.locator("#note").fill("ab")
    page.get_by_role("button", name="Keep the note").click()
    page.wait_for_url("/gallery/note/")
    page.goto("/gallery/")
    expect(page.locator("#note")).to_have_value("ab")

    page.get_by_role("button", name="Throw it away").click()
    page.reload()
    expect(page.locator("#note")).to_have_value("")


def test_parts_are_swapped_and_refusals_become_words(page, reader, expected_errors):
    expected_errors += ["409", "500"]
    reader(page)
    page.get_by_role("button", name="200", exact=True).click()
    expect(page.locator("#live .dk-sent")).to_have_text("The server said 200.")
    expect(page.locator("#said")).to_have_text("The server said 200.")
    expect(page.locator("#live [data-focus]")).to_be_focused()
    page.get_by_role("button", name="409").click()
    expect(page.locator("#live .dk-sent")).to_have_text("The server said 409.")

    page.get_by_role("button", name="500").click()
    expect(page.locator(".dk-toast.bad")).to_contain_text("Something broke on our side")
    expect(page.locator("#live .dk-sent")).to_have_text("The server said 409.")


def test_a_silent_server_is_told_and_the_page_stays(page, reader, expected_errors):
    expected_errors += ["ERR_FAILED", "htmx:sendError", "htmx:afterRequest"]
    reader(page)
    page.route("**/gallery/part/**", lambda route: route.abort())
    page.get_by_role("button", name="200", exact=True).click()

    expect(page.locator(".dk-toast.bad")).to_contain_text("The server did not answer")
    page.locator(".dk-toast.bad").get_by_role("button", name="Close").click()
    expect(page.locator(".dk-toast")).to_have_count(0)


def test_what_cannot_be_undone_asks_first(page, reader):
    reader(page)
    page.get_by_role("button", name="Withdraw").last.click()
    question = page.get_by_role("dialog", name="Are you sure?")
    expect(question).to_contain_text("The request is withdrawn for good.")
    question.get_by_role("button", name="Keep it as it is").click()
    expect(page).to_have_url("/gallery/")

    page.get_by_role("button", name="Withdraw").last.click()
    with page.expect_request(lambda request: request.method == "POST"):
        question.get_by_role("button", name="Yes, go on").click()


@pytest.mark.parametrize("page", [{}, NO_SCRIPT], indirect=True)
def test_messages_of_the_server_are_shown(page, reader):
    reader(page, "/gallery/?toast=1")
    expect(page.locator(".dk-toast")).to_have_text(
        ["Filed as SR-000123. Facilities answers by today 14:00.", "The file was too large and was not kept."]
    )


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark")])
def test_a_wrong_address_offers_the_search(width, scheme, open_page, reader, axe, fits, shoot, expected_errors):
    expected_errors.append("404")
    page = reader(open_page(width=width, scheme=scheme), "/nothing/here/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is here, or nothing you may see")
    expect(page.locator("main").get_by_role("searchbox")).to_be_visible()
    axe(page)
    fits(page)
    shoot(page, f"404-{width}-{scheme}")


def test_the_phone_menu_opens_without_script_and_holds_every_link(open_page, reader, axe, shoot):
    page = reader(open_page(width=360, script=False))
    menu = page.get_by_role("navigation", name="Main")
    expect(menu).to_be_hidden()

    page.get_by_role("link", name="More").click()
    expect(menu).to_be_visible()
    shoot(page, "menu-360")
    menu.get_by_role("link", name="Close the menu").click()
    expect(menu).to_be_hidden()


def test_a_page_without_charts_weighs_little(page):
    loaded: dict[str, bytes] = {}
    page.on("response", lambda response: loaded.setdefault(response.url, response.body()) if response.ok else None)
    page.goto("/accounts/login/", wait_until="networkidle")

    weight = sum(len(gzip.compress(body)) for body in loaded.values())
    assert 20_000 < weight < WEIGHT_LIMIT


def test_a_breach_of_the_content_policy_is_noticed(page, watch, expected_errors):
    expected_errors += ["content policy", "Content Security Policy", "404"]
    page.goto("/gallery/unsafe/")

    assert page.evaluate("window.ran") is None
    assert any("style-src" in text for text in watch.seen)
    assert any("script-src" in text for text in watch.seen)
