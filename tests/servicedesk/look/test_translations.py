"""Chinese and Russian: the frame of every page, its refusals, and durations in the plural of the language."""

import re
import shutil
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings as configured
from django.template.loader import render_to_string
from django.utils import translation

from requests_app.kernel import formats
from servicedesk.catalogues import compile_catalogues

CATALOGUES = sorted((Path(configured.BASE_DIR) / "locale").rglob("*.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)0?\d*[sd]|</?\w+>")


@pytest.fixture
def _translated(tmp_path, settings):
    """The catalogues of the repository, compiled apart from those of the installation."""
    for source in CATALOGUES:
        target = tmp_path / source.relative_to(Path(configured.BASE_DIR) / "locale")
        target.parent.mkdir(parents=True)
        shutil.copy(source, target)
    compile_catalogues(tmp_path)
    settings.LOCALE_PATHS = [tmp_path]


@pytest.mark.usefixtures("_translated")
@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ru", ["3 ч 20 мин", "25 мин", "2 д 3 ч", "1 день", "3 дня", "12 дней", "12 д"]),
        ("zh-hans", ["3 小时 20 分钟", "25 分钟", "2 天 3 小时", "1 天", "3 天", "12 天", "12 天"]),
    ],
)
def test_durations_speak_the_language(language, expected):
    with translation.override(language):
        said = [
            formats.worktime(12_000), formats.worktime(1500), formats.caltime(183_600),
            formats.days(1), formats.days(3), formats.days(12), formats.age(1_036_800),
        ]  # fmt: skip
    assert [text.replace("\u00a0", " ") for text in said] == expected


@pytest.mark.usefixtures("_translated")
@pytest.mark.parametrize(
    ("language", "words"), [("ru", "Здесь ничего нет или вам это не видно"), ("zh-hans", "这里没有内容，或您无权查看")]
)
def test_refusals_speak_the_language(language, words):
    with translation.override(language):
        page = render_to_string("404.html")
    assert f"<h1>{words}</h1>" in page
    assert f'<html lang="{language}">' in page


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_translations_keep_every_placeholder_and_tag(path):
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parts[-3])
    wrong = []
    for message in catalogue:
        if not message.id or not message.string:
            continue
        asked = message.id if isinstance(message.id, str) else message.id[-1]
        given = [message.string] if isinstance(message.string, str) else message.string
        wrong += [asked for one in given if sorted(PLACEHOLDER.findall(one)) != sorted(PLACEHOLDER.findall(asked))]
    assert wrong == []
