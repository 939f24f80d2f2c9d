"""From texts to themes and needs: what is told, of how many people, and what is not."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.themes.finding import agreement_in, needs_in, themes_in
from metrics.themes.grouping import THEMES, groups_of, purity, telling
from metrics.themes.states import Agreement, Source, Text, people_in
from metrics.themes.words import words_in

DAY = date(2026, 3, 2)
TALK = [
    "Waited weeks for a monitor",
    "Слишком долго ждали",
    "等了很久",
    "Friendly and patient",
    "Passed on twice",
    "Nothing to add",
]


def text(
    words: str, person: int, *, lately: bool = True, score: int | None = None, crowd: int = 0, kind: str = "rating"
) -> Text:
    text.serial += 1
    return Text(kind, text.serial, 1, str(person), words, DAY, lately, score, crowd)


text.serial = 0


def as_they_are(texts) -> dict[str, str]:
    return {word: word for one in texts for word in words_in(one.words)}


def found(texts, source=Source.SAID):
    return [(theme.values["concept"], theme.values["n"]) for theme in themes_in(texts, source, as_they_are(texts))]


def test_a_theme_gathers_what_is_said_in_three_languages():
    said = ["Waited weeks for it", "Took too long", "Слишком долго", "Очень медленно", "等了很久", "处理太慢"]
    texts = [text(words, person) for person, words in enumerate(said)]
    assert found(texts) == [("slow", 6)]


def test_five_different_people_make_a_theme_and_four_do_not():
    four = [text("Took too long", person) for person in (1, 2, 3, 4)]
    assert found([*four, text("Took too long", 4)]) == []
    assert found([*four, text("Took too long", 5)]) == [("slow", 5)]


def test_answers_to_a_survey_need_ten():
    nine = [text("Took too long", person, crowd=7) for person in range(9)]
    assert found(nine, Source.ANSWERS) == []
    assert found([*nine, text("Took too long", 9, crowd=7)], Source.ANSWERS) == [("slow", 10)]


def test_anonymous_answers_of_two_campaigns_are_not_added_up_as_people():
    texts = [text("Took too long", person, crowd=crowd) for crowd in (1, 2) for person in range(9)]
    assert people_in(texts) == 9
    assert found(texts, Source.ANSWERS) == []


def test_a_word_names_a_theme_only_when_three_people_used_it():
    texts = [text("Took too long with the zebra", 1), text("Zebra took too long", 2)]
    texts += [text("The crane took too long", person) for person in (3, 4, 5)]
    texts += [text("A friendly and patient colleague on the second floor of the house", person) for person in range(5)]
    [theme] = [one for one in themes_in(texts, Source.SAID, as_they_are(texts)) if one.values["concept"] == "slow"]
    assert "crane" in theme.values["words"]
    assert "zebra" not in theme.values["words"]


def test_a_change_is_told_against_all_that_was_said():
    before = [text("Took too long", p, lately=False) for p in range(5)] + [
        text("Friendly", p, lately=False) for p in range(40)
    ]
    now = [text("Took too long", p) for p in range(40)] + [text("Friendly", p) for p in range(10)]
    themes = themes_in([*before, *now], Source.SAID, as_they_are([*before, *now]))
    assert [(one.values["concept"], one.values["n"], one.values["before"], one.values["change"]) for one in themes] == [
        ("slow", 40, 5, "rises"), ("manner", 10, 40, "falls"),
    ]  # fmt: skip


def test_of_too_few_before_neither_the_number_nor_a_change_is_told():
    texts = [text("Took too long", p) for p in range(9)] + [text("Took too long", p, lately=False) for p in range(4)]
    [theme] = themes_in(texts, Source.SAID, as_they_are(texts))
    assert (theme.values["before"], theme.values["change"], theme.values["p"]) == (None, "", None)


def test_tone_and_rating_stand_beside_a_theme_from_five_texts_on():
    texts = [text("Slow and bad, took too long", p, score=2) for p in range(5)]
    [theme] = themes_in(texts, Source.SAID, as_they_are(texts))
    assert {name: theme.values[name] for name in ("tone", "toned", "score", "scored")} == {
        "tone": -1.0, "toned": 5, "score": 2.0, "scored": 5,
    }  # fmt: skip


def test_agreement_counts_the_texts_in_which_tone_and_rating_point_anywhere():
    texts = [
        text("Excellent", 1, score=5), text("Terrible", 2, score=1), text("Excellent", 3, score=1),
        text("Excellent", 4, score=3), text("On the second floor", 5, score=5), text("Excellent", 6),
    ]  # fmt: skip
    assert agreement_in(texts) == Agreement(2, 3)


def test_similar_requests_make_a_need_named_by_what_they_have_in_common():
    rows = [text(f"Printer {room} does not print", room, crowd=room % 3) for room in range(6)]
    rows += [text("Printer does not print", 9, lately=False), text("A chair for the office", 10)]
    [need] = needs_in(rows, as_they_are(rows))
    assert need.values | {"p": None} == {
        "anchor": rows[0].pk, "words": ["does", "not", "print", "printer"], "n": 6, "before": 1, "customers": 3,
        "p": None, "change": "",
    }  # fmt: skip


def test_telling_words_are_those_of_the_group():
    group, rest = [{"cold": 1, "room": 1}] * 6, [{"slow": 1, "room": 1}] * 6
    assert [word for word, _z in telling(group, rest)] == ["cold"]


def test_purity_is_the_share_of_the_commonest_label():
    assert purity([[0, 1, 2], [3, 4]], ["a", "a", "b", "c", "c"]) == 0.8
    assert purity([], []) == 0


@given(st.lists(st.dictionaries(st.sampled_from("abcdef*"), st.integers(1, 3), max_size=4), max_size=12))
def test_each_text_with_features_stands_in_one_group(features):
    groups = groups_of(features, THEMES)
    assert sorted(place for group in groups for place in group) == [place for place, one in enumerate(features) if one]


@given(
    st.lists(
        st.tuples(st.sampled_from(TALK), st.integers(1, 8), st.booleans(), st.sampled_from([0, 1, 2])), max_size=40
    ),
    st.sampled_from(list(Source)),
)
def test_nothing_is_ever_told_of_fewer_people_than_the_floor(rows, source):
    texts = [text(words, person, lately=lately, crowd=crowd) for words, person, lately, crowd in rows]
    floor = {"said": 5, "answers": 10}[source]
    for theme in themes_in(texts, source, as_they_are(texts)):
        assert theme.values["people"] >= floor
        assert people_in(theme.texts) >= floor
        assert theme.values["before"] in (None, 0) or theme.values["before"] >= floor


@pytest.mark.long
def test_themes_change_by_chance_in_few_departments():
    """200 departments in which nothing changes: a change is listed in at most one in twenty, within chance."""
    rng, told = random.Random(5), 0
    for _department in range(200):
        texts = [text(rng.choice(TALK), person, lately=lately) for person in range(60) for lately in (True, False)]
        told += any(theme.values["change"] for theme in themes_in(texts, Source.SAID, as_they_are(texts)))
    assert told <= 20
