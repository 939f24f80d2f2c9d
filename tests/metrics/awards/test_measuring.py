"""What awards are judged by: floors, what does not count, and that few say little."""

from datetime import timedelta

import pytest

from feedback.awards.registry import Asked, judged
from feedback.awards.states import Floors
from feedback.awards.units import complaints_of, praise_of, units_of
from metrics.facts.models import RequestFact
from requests_app.org.services import save_department
from tests.factories.awards import FIRST_FACT, WEIGHTS, judged_figures, served, today
from tests.factories.voices import said

pytestmark = pytest.mark.django_db


def asked(unit: str = "department", **more) -> Asked:
    units, day = units_of(unit), today()
    first, last = day - timedelta(days=30), day - timedelta(days=1)
    values = {
        "units": units, "first": first, "last": last, "weights": WEIGHTS, "floors": Floors(), "seed": 7,
        "praise": praise_of(units, first, day), "complaints": complaints_of(units),
    }  # fmt: skip
    return Asked(**values | more)


def by_unit(result) -> dict:
    return {one.department_id: one for one in result.scored}


def test_who_is_better_leads_and_who_does_not_reach_the_floors_is_told_why(company):
    it, facilities, legal = judged_figures(company)
    found = by_unit(judged(asked()))
    assert found[it.pk].score > found[facilities.pk].score
    assert found[it.pk].chance > 0.8
    assert {pk: one.reasons for pk, one in found.items()} == {
        it.pk: (), facilities.pk: (), legal.pk: (), company.sales.pk: ("few", "silent"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"rated_at": None, "rated_day": None}, "silent"),
        ({"data_quality": "negative"}, "flags"),
        ({"confidential": True}, "few"),
    ],
)
def test_floors_are_told_by_name(company, change, reason):
    it, *_others = judged_figures(company)
    RequestFact.objects.filter(supplier_id=it.pk).update(**change)
    assert reason in by_unit(judged(asked()))[it.pk].reasons


def test_a_critical_complaint_stands_in_the_way_and_a_confidential_one_is_not_told(company):
    it, *_others = judged_figures(company)
    complaint = said(company, "complaint")
    said(company, "complaint", confidential=True)
    assert complaints_of(units_of("department"))[it.pk] == 0  # not late, not appealed
    complaint.late_level = 1
    complaint.save()
    assert by_unit(judged(asked()))[it.pk].reasons == ("complaint",)


def test_what_a_department_asks_of_itself_does_not_count(company):
    it, *_others = judged_figures(company)
    own = served(company.it, company.it, 500, 500, day=today() - timedelta(days=20), start=FIRST_FACT + 9000)
    RequestFact.objects.bulk_create(own)
    assert by_unit(judged(asked()))[it.pk].seen.n == 60


def test_ratings_by_fewer_than_five_people_do_not_count(company):
    it, *_others = judged_figures(company)
    RequestFact.objects.filter(supplier_id=it.pk).update(rater_id=1)
    parts = {part.key: part.value for part in by_unit(judged(asked()))[it.pk].parts}
    assert (parts["satisfied"], parts["kept"] is None) == (None, False)


def test_the_rating_of_a_confidential_request_counts_as_on_the_dashboard(company):
    it, *_others = judged_figures(company)
    RequestFact.objects.filter(pk=FIRST_FACT).update(confidential=True)
    rated = RequestFact.objects.filter(supplier_id=it.pk, overall__isnull=False)
    satisfied = next(part for part in by_unit(judged(asked()))[it.pk].parts if part.key == "satisfied")
    assert (satisfied.n, rated.filter(confidential=True).count()) == (rated.count(), 1)


def test_who_praises_often_counts_once_and_praise_counts(company):
    it, *_others = judged_figures(company)
    for _time in range(5):
        said(company, "praise")
    assert praise_of(units_of("department"), today(), today())[it.pk] == 1
    parts = {part.key: part for part in by_unit(judged(asked()))[it.pk].parts}
    assert (parts["praised"].n, parts["praised"].raw) == (7, 1 / 7)


def test_a_team_is_judged_by_its_own_requests_and_a_department_with_those_of_its_teams(company):
    judged_figures(company)
    team = save_department(by=company.admin, slug="service-desk", name="Service desk", parent=company.it)
    rows = served(team, company.sales, 40, 40, day=today() - timedelta(days=20), start=FIRST_FACT + 5000)
    RequestFact.objects.bulk_create(rows)
    assert {pk: one.seen.n for pk, one in by_unit(judged(asked("team"))).items()} == {team.pk: 40}
    assert by_unit(judged(asked()))[company.it.pk].seen.n == 100


def test_days_at_the_edges_are_in_and_those_beyond_are_not(company):
    it, *_others = judged_figures(company)
    day = today() - timedelta(days=20)
    for first, last, n in ((day, day, 60), (day - timedelta(days=9), day - timedelta(days=1), 0)):
        assert by_unit(judged(asked(first=first, last=last)))[it.pk].seen.n == n
