"""Printed pages: made of any text, in every language, and refused in words where the letters are missing."""

import pytest
from django.utils import translation

from requests_app.kernel import pdf
from requests_app.kernel.errors import DomainError

WORDS = {
    "title": "A page", "author": "Ada", "lead": "", "foot": "",
    "terms": {"heading": "Terms", "head": ["Term", "Agreed"], "rows": []},
    "signatures": {"heading": "Signatures", "seats": []}, "digest": {"words": "", "value": ""},
}  # fmt: skip


@pytest.mark.parametrize(
    "text", ["#panic()", "$x$ *b* _i_", "= head\n- item", "\\u{41} <a> @b", "打印", "Печать", "\u202eإلى"]
)
def test_a_text_stays_text(text):
    made = pdf.typeset("agreements/agreement.typ", WORDS | {"terms": WORDS["terms"] | {"rows": [[text, text]]}})
    assert made.startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["en", "ru", "zh-hans"])
def test_a_page_names_its_language_and_its_title(language):
    with translation.override(language):
        made = pdf.typeset("agreements/agreement.typ", WORDS | {"title": "IT for Sales"})
    assert f"<dc:language><rdf:Bag><rdf:li>{language[:2]}</rdf:li>".encode() in made
    assert b"IT for Sales</rdf:li>" in made


def test_chinese_without_a_font_for_it_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(pdf, "FONTS", ["Libertinus Serif"])
    with pytest.raises(DomainError, match="no font with Chinese characters"):
        pdf.typeset("agreements/agreement.typ", WORDS | {"title": "打印"})
