"""Texts as features, and the tone of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.themes.states import Concept
from metrics.themes.words import (
    concepts_in,
    features_of,
    language_of,
    lexicon,
    pairs_in,
    surfaces_of,
    tone_of,
    words_in,
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Took three weeks", "en"),
        ("Ждали три недели", "ru"),
        ("等了三个星期", "zh"),
        ("SAP 登录失败", "zh"),
        ("1234", "zh"),
    ],
)
def test_the_language_is_told_by_the_letters(text, language):
    assert language_of(text) == language


def test_pairs_of_characters_leave_out_those_that_hold_a_sentence_together():
    assert pairs_in("打印机的纸, 没有了") == ["打印", "印机"]


def test_a_text_is_its_stems_its_pairs_and_its_concepts():
    stems = {"waited": "wait", "the": "", "принтер": "принтер"}
    assert features_of("Waited the принтер 打印", stems) == {
        "wait": 1,
        "принтер": 1,
        "打印": 1,
        "*slow": 1,
        "*devices": 1,
    }


def test_a_stem_is_called_as_people_wrote_it_most_often():
    texts = ["printers printing", "printing", "prints"]
    assert surfaces_of(texts, {"printers": "print", "printing": "print", "prints": "print"}) == {"print": "printing"}


def test_each_concept_of_the_lexicon_has_a_name_and_words_in_three_languages():
    assert set(lexicon()["concept"]) == set(Concept.values)
    assert all({"en", "ru", "zh"} == set(words) and all(words.values()) for words in lexicon()["concept"].values())


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("The delivery was late.", ["slow"]),
        ("See you later", []),
        ("Никто не ответил", ["silence"]),
        ("两个部门互相推", ["passed"]),
        ("As formal as a format", []),
    ],
)
def test_a_word_names_a_concept_by_its_beginning_or_as_it_is(text, concepts):
    assert concepts_in(text) == concepts


@pytest.mark.parametrize(
    ("text", "tone"),
    [
        ("Excellent, thank you", 1.0),
        ("Not good", -1.0),
        ("Good but slow", 0.0),
        ("Two weeks without a word", -1.0),
        ("Не быстро", -1.0),
        ("Очень вежливый специалист", 1.0),
        ("服务态度很好", 1.0),
        ("不满意", -1.0),
        ("The room is on the second floor", None),
    ],
)
def test_the_tone_counts_words_and_a_not_turns_the_next_one(text, tone):
    assert tone_of(text) == tone


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    tone = tone_of(text)
    assert tone is None or -1 <= tone <= 1
    assert all(features_of(text, {word: word for word in words_in(text)}).values())
