"""What is read, what is kept, and that it is found anew each night."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from feedback.ratings.models import Rating
from metrics.themes.models import NeedRequest, Reading, RecurringNeed, Theme, ThemeText
from metrics.themes.reading import window_of
from metrics.themes.services import find_all, find_all_if_due
from metrics.themes.states import Window
from metrics.themes.tasks import find_themes_nightly
from requests_app.catalogue.services import create_service
from requests_app.desk.models import ServiceRequest
from tests.factories import file_laptop
from tests.metrics.themes.conftest import SLOW, commented, complained, last_week, survey_closed


def themes(department, source="said"):
    rows = Theme.objects.filter(reading__department_id=department.pk, reading__source=source)
    return list(rows.order_by("place").values_list("concept", "n", "people"))


def test_the_days_are_whole_weeks_so_that_what_is_told_changes_once_a_week():
    monday, sunday = (datetime(2026, 3, day, 12, tzinfo=UTC) for day in (2, 8))
    assert (
        window_of(13, monday) == window_of(13, sunday) == Window(date(2025, 12, 1), date(2026, 3, 2), date(2025, 9, 1))
    )


def test_comments_make_themes_with_tone_and_rating(spoken):
    Rating.objects.update(share_with_team=True)
    find_all()
    assert themes(spoken.it) == [("manner", 6, 6), ("slow", 6, 6)]
    [reading] = Reading.objects.filter(department_id=spoken.it.pk)
    assert (reading.texts, reading.before, reading.agreed, reading.compared) == (12, 0, 12, 12)
    slow = Theme.objects.get(concept="slow")
    assert (slow.score, slow.scored, slow.toned > 0) == (2.0, 6, True)


def test_of_comments_that_were_not_shared_neither_tone_nor_rating_is_told(spoken):
    find_all()
    assert themes(spoken.it) == [("manner", 6, 6), ("slow", 6, 6)]
    assert set(Theme.objects.values_list("score", "scored", "tone", "toned")) == {(None, 0, None, 0)}
    assert set(Reading.objects.values_list("agreed", "compared")) == {(2, 2)}


def test_a_comment_is_read_once_its_rating_counts(spoken):
    Rating.objects.filter(share_with_team=False, overall=5).update(counted_at=None)
    find_all()
    assert (themes(spoken.it), list(Reading.objects.values_list("texts", flat=True))) == ([("slow", 6, 6)], [7])


def test_found_twice_is_found_once(spoken, alike):
    assert find_all() == find_all()
    assert (Theme.objects.count(), ThemeText.objects.count(), RecurringNeed.objects.count()) == (2, 12, 1)


def test_of_a_parent_everything_below_it_is_told(spoken):
    spoken.it.parent = spoken.facilities
    spoken.it.path = f"/{spoken.facilities.pk}/{spoken.it.pk}/"
    spoken.it.save()
    find_all()
    assert themes(spoken.facilities) == themes(spoken.it) != []


def test_what_was_said_about_confidential_requests_is_never_read(company, people):
    hidden = create_service(by=company.admin, department=company.it, name="HR", slug="hr", privacy="confidential")
    for words, person in zip(SLOW, people, strict=True):
        commented(company, words, person, score=1, at=last_week(), service=hidden)
        row = ServiceRequest.objects.order_by("-pk")[0]
        complained(company, words, service_request=row, by=person)
    find_all()
    assert (Reading.objects.count(), Theme.objects.count(), RecurringNeed.objects.count()) == (0, 0, 0)


def test_complaints_count_beside_comments(company, people):
    for number, (words, person) in enumerate(zip(SLOW, people, strict=True)):
        if number < 3:
            commented(company, words, person, score=1, at=last_week())
        else:
            complained(company, words, by=person, department=company.it)
    find_all()
    assert themes(company.it) == [("slow", 6, 6)]
    assert sorted(ThemeText.objects.values_list("kind", flat=True)) == ["rating"] * 3 + ["voice"] * 3


def test_what_was_taken_back_is_not_read(company, people):
    for words, person in zip(SLOW, people, strict=True):
        voice = complained(company, words, by=person, department=company.it)
        type(voice).objects.filter(pk=voice.pk).update(state="withdrawn")
    find_all()
    assert Reading.objects.count() == 0


def test_answers_to_a_survey_are_told_from_ten_on_and_none_of_them_is_kept(company):
    survey_closed(company, ["It took too long"] * 10)
    find_all()
    assert themes(company.it, "answers") == [("slow", 10, 10)]
    assert ThemeText.objects.count() == 0


def test_nine_answers_to_a_survey_are_not_even_counted(company):
    survey_closed(company, ["It took too long"] * 9)
    find_all()
    assert Reading.objects.count() == 0


def test_similar_requests_are_one_need_with_its_requests(alike):
    find_all()
    [need] = RecurringNeed.objects.all()
    assert (need.n, need.before, need.customers, need.anchor) == (6, 0, 1, alike[0].pk)
    assert need.words == ["not", "print", "printer"] or set(need.words) >= {"print", "printer"}
    assert set(NeedRequest.objects.values_list("request_id", flat=True)) == {row.pk for row in alike[:6]}


def test_a_night_is_claimed_once(spoken):
    assert [find_all_if_due(), find_all_if_due()] == [True, False]
    find_themes_nightly()
    assert Theme.objects.count() == 2


def test_the_database_keeps_no_theme_of_four_people(company):
    reading = Reading.objects.create(
        department_id=company.it.pk,
        source="said",
        first=date(2026, 1, 5),
        end=date(2026, 4, 6),
        computed_at=last_week(),
    )
    with pytest.raises(IntegrityError, match="theme_is_of_enough_people"), transaction.atomic():
        Theme.objects.create(reading=reading, place=0, concept="slow", n=9, people=4)


def test_a_new_request_of_this_week_is_not_yet_part_of_anything(company, alike):
    file_laptop(company)
    find_all()
    assert RecurringNeed.objects.get().n == 6
