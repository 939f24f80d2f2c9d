"""A real Chromium against the live server. A test fails by itself on any breach of the content policy,
any error in the console and any request to another host, unless it names it in `expected_errors`."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

# Playwright's event loop runs in this thread; the database is only used between its calls.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
OWN_HOSTS = {"127.0.0.1", "localhost"}
# htmx calls it an error when a newer question overtakes one on its way, which is what our pages ask it to do.
# Whatever else goes wrong has a line of its own beside the second of these: htmx:sendError, htmx:responseError, …
OVERTAKEN = ("htmx:sendAbort", "htmx:afterRequest")
PATIENCE = 10_000
HEIGHTS = {360: 740, 1440: 900}
REPORT_BREACHES = """
document.addEventListener("securitypolicyviolation", (event) => {
  const where = `${event.sourceFile}:${event.lineNumber}`;
  console.error(`content policy: ${event.violatedDirective} ${event.blockedURI} ${where}`);
});
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    if not shutil.which(CHROMIUM):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            f"{CHROMIUM} is missing; ./desk test installs it as root."
        )
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def vendor_files() -> None:
    """The icons and the chart library are fetched at set-up; a sprite older than static/icons.txt is told apart."""
    static = Path(settings.BASE_DIR) / "static"
    sprite = static / "vendor" / "icons.svg"
    drawn = sprite.read_text() if sprite.is_file() else ""
    missing = [name for name in (static / "icons.txt").read_text().split() if f'id="{name}"' not in drawn]
    if missing:
        pytest.fail(
            f"static/vendor/icons.svg lacks {', '.join(missing[:5])}: run ./desk test once, it builds the sprite."
        )


@pytest.fixture
def expected_errors() -> list[str]:
    """Append a part of a console message that the test provokes on purpose, such as "404"."""
    return []


class Watch:
    """Notes what a page must never do."""

    def __init__(self, expected: list[str]):
        self.expected, self.seen = expected, []

    def over(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("console", lambda message: self._note(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: self._note(str(error.error)))

    def _request(self, request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob", "about") and address.hostname not in OWN_HOSTS:
            self._note(f"request to another host: {request.url}")

    def _note(self, text: str) -> None:
        self.seen.append(text)

    def verdict(self) -> list[str]:
        excused = [*self.expected, *OVERTAKEN]
        return [text for text in self.seen if not any(part in text for part in excused)]


@pytest.fixture
def watch(expected_errors: list[str]) -> Watch:
    return Watch(expected_errors)


@pytest.fixture
def open_page(chromium: Browser, live_server, vendor_files: None, watch: Watch) -> Iterator[Callable[..., Page]]:
    """open_page(width=1440, scheme="light", script=True, language="en-GB"): a page in a profile of its own."""
    contexts: list[BrowserContext] = []

    def open_one(*, width: int = 1440, scheme: str = "light", script: bool = True, language: str = "en-GB") -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            color_scheme=scheme,
            java_script_enabled=script,
            locale=language,
            timezone_id="Europe/Berlin",
            has_touch=width < 500,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        context.add_init_script(REPORT_BREACHES)
        watch.over(context)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
    assert watch.verdict() == []


@pytest.fixture
def page(open_page: Callable[..., Page], request: pytest.FixtureRequest) -> Page:
    """One page; parametrise it indirectly with open_page's arguments, for instance {"width": 360, "script": False}."""
    return open_page(**getattr(request, "param", {}))


@pytest.fixture
def sign_in(live_server) -> Callable[[Page, str], Page]:
    """sign_in(page, email): the person's session in the page's profile, without the detour over the form."""

    def enter(page: Page, email: str) -> Page:
        client = Client()
        client.force_login(get_user_model().objects.get(email=email))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        return page

    return enter


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """axe(page): fails with what is wrong and where; nothing is excused. The page must run scripts, else it waits forever."""

    def check(page: Page) -> None:
        found = Axe().run(page).response["violations"]
        assert [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]] == []

    return check


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """shoot(page, "desk-360-dark"): a picture of the whole page in the folder named by SCREENSHOTS, if it is set."""

    def take(page: Page, name: str) -> None:
        folder = os.environ.get("SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return take


@pytest.fixture
def fits() -> Callable[[Page], None]:
    """fits(page): the page does not scroll sideways."""

    def check(page: Page) -> None:
        wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= room, f"the page is {wide} px wide on a screen of {room} px"

    return check
