"""Changing the list of questions. Pure."""

from collections.abc import Sequence

from feedback.surveys.questions import Question


def free_key(questions: Sequence[Question]) -> str:
    taken = {one["key"] for one in questions}
    return next(key for number in range(1, len(taken) + 2) if (key := f"q{number}") not in taken)


def with_question(questions: Sequence[Question], question: Question) -> list[Question]:
    """In the place of the one with its key, else at the end."""
    if any(one["key"] == question["key"] for one in questions):
        return [question if one["key"] == question["key"] else one for one in questions]
    return [*questions, question]


def rearranged(questions: Sequence[Question], key: str, how: str) -> list[Question]:
    """With the question one `up`, one `down`, or away (`remove`); at the ends it stays where it is."""
    found = list(questions)
    place = next((place for place, one in enumerate(found) if one["key"] == key), None)
    if place is None:
        return found
    question = found.pop(place)
    if how == "remove":
        return found
    found.insert(max(place - 1, 0) if how == "up" else place + 1, question)
    return found


def place_after(questions: Sequence[Question], key: str, how: str) -> str:
    """Where on the page one goes on: the button that was pressed; after taking away the next question, else the last.

    A browser puts the focus there by itself, because the address names it.
    """
    if how != "remove":
        return f"{how}-{key}"
    keys = [one["key"] for one in questions]
    place = keys.index(key) if key in keys else 0
    left = [*keys[place + 1 :], *reversed(keys[:place])]
    return f"question-{left[0]}" if left else "add"
