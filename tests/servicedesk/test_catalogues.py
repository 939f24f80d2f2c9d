import gettext

import pytest
from babel.messages.pofile import PoFileError

from servicedesk.catalogues import compile_catalogues

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture
def catalogue(tmp_path):
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    return folder / "django.po"


def test_what_is_translated_is_read_back_and_what_is_fuzzy_is_not(catalogue, tmp_path):
    entries = 'msgid "Printer"\nmsgstr "打印机"\n\n#, fuzzy\nmsgid "Paper"\nmsgstr "也许"\n'
    catalogue.write_text(HEAD + entries, encoding="utf-8")

    assert compile_catalogues(tmp_path) == [catalogue.with_suffix(".mo")]

    with catalogue.with_suffix(".mo").open("rb") as file:
        read = gettext.GNUTranslations(file)
    assert (read.gettext("Printer"), read.gettext("Paper")) == ("打印机", "Paper")


def test_a_broken_catalogue_stops_the_work_and_leaves_the_old_one(catalogue, tmp_path):
    catalogue.with_suffix(".mo").write_bytes(b"old")
    catalogue.write_text(HEAD + 'msgid "Printer"\nmsgstr "…"\nwhat is this?\n', encoding="utf-8")

    with pytest.raises(PoFileError):
        compile_catalogues(tmp_path)

    assert catalogue.with_suffix(".mo").read_bytes() == b"old"
