"""Every marked string is found, and the promised languages have all of them."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import CommandError, call_command

from servicedesk.catalogues import read_catalogues, update_catalogues
from servicedesk.extraction import extract_strings

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
PROMISED = ["ru", "zh_Hans"]


@pytest.fixture(scope="module")
def strings() -> Catalog:
    return extract_strings(settings.BASE_DIR)


@pytest.fixture
def tree(tmp_path) -> Path:
    """A small product: a module and a template that say something."""
    (tmp_path / "metrics").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "metrics" / "words.py").write_text(
        "from django.utils.translation import gettext as _, ngettext, pgettext\n"
        'a = _("A figure of %(n)s")\nb = ngettext("%(n)s day", "%(n)s days", 2)\nc = pgettext("tab", "Desk")\nd = _(a)\n'
        "e = f\"{_('Held')}: {a}\"\n"
    )
    (tmp_path / "templates" / "page.html").write_text(
        '{% load i18n %}{% translate "Queue" %}{% blocktranslate count n=x %}{{ n }} row{% plural %}{{ n }} rows'
        '{% endblocktranslate %}<a title="{% translate "Open it" %}">'
    )
    return tmp_path


def test_strings_are_found_in_modules_and_templates(tree):
    found = {(message.id, message.context) for message in extract_strings(tree) if message.id}

    assert found == {
        ("A figure of %(n)s", None), (("%(n)s day", "%(n)s days"), None), ("Desk", "tab"), ("Queue", None),
        (("%(n)s row", "%(n)s rows"), None), ("Open it", None), ("Held", None),
    }  # fmt: skip


def catalogue(tree: Path, entries: str) -> Path:
    path = tree / "locale" / "ru" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + entries, encoding="utf-8")
    return path


def test_new_strings_come_in_empty_and_unsaid_ones_go(tree):
    path = catalogue(tree, 'msgid "Queue"\nmsgstr "Очередь"\n\nmsgid "Gone"\nmsgstr "Ушло"\n')

    update_catalogues(tree / "locale", extract_strings(tree))

    with path.open("rb") as file:
        kept = {message.id: message.string for message in read_po(file, locale="ru") if message.id}
    assert (kept["Queue"], kept["A figure of %(n)s"], "Gone" in kept) == ("Очередь", "", False)


@pytest.mark.parametrize(
    ("entry", "usable"),
    [
        ('msgid "A figure of %(n)s"\nmsgstr "Число %(n)s"\n', True),
        ('msgid "A figure of %(n)s"\nmsgstr ""\n', False),
        ('#, fuzzy, python-format\nmsgid "A figure of %(n)s"\nmsgstr "Число %(n)s"\n', False),
        ('#, python-format\nmsgid "A figure of %(n)s"\nmsgstr "Число %(m)s"\n', False),
    ],
    ids=["whole", "empty", "fuzzy", "other placeholder"],
)
def test_only_a_translation_that_can_be_shown_counts(tree, entry, usable):
    catalogue(tree, entry)
    (state,) = read_catalogues(tree / "locale", extract_strings(tree))

    assert ("A figure of %(n)s" not in state.untold, state.told) == (usable, int(usable))


@pytest.mark.parametrize("language", PROMISED)
def test_a_promised_language_lacks_nothing(strings, language):
    states = {state.language: state for state in read_catalogues(settings.BASE_DIR / "locale", strings)}

    assert states[language].untold == ()
    assert states[language].told == len([message for message in strings if message.id]) > 1400


def test_the_check_says_what_is_missing_and_changes_nothing(tree, settings):
    path = catalogue(tree, 'msgid "Queue"\nmsgstr "Очередь"\n')
    before, settings.BASE_DIR = path.read_bytes(), tree

    with pytest.raises(CommandError, match="ru: "):
        call_command("translations", "--check")
    assert path.read_bytes() == before
    call_command("translations")
    assert path.read_bytes() != before
