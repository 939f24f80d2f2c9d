"""What the browser holds of texts half typed."""

from playwright.sync_api import Page

PATIENCE, STEP = 100, 100  # steps, milliseconds
SHELVES = """["localStorage", "sessionStorage"].flatMap(
    (shelf) => Object.keys(window[shelf]).filter((key) => key.startsWith("draft:")).map(() => shelf))"""


def drafts_on(page: Page) -> list[str]:
    """The shelf each draft lies on."""
    return page.evaluate(SHELVES)


def until_kept(page: Page, shelf: str) -> None:
    """Drafts are written a moment after the last key."""
    for _ in range(PATIENCE):
        if drafts_on(page) == [shelf]:
            return
        page.wait_for_timeout(STEP)
    assert drafts_on(page) == [shelf]
