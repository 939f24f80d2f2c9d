import pytest

from metrics.rollups import policies
from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.policies import Sight
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Department
from requests_app.org.services import save_department, set_hats
from tests.factories.company import make_person

NOTHING, OUTLINE, FULL = Sight.NOTHING, Sight.OUTLINE, Sight.FULL
OF_IT = {
    "U": NOTHING, "RQ": NOTHING, "WT": NOTHING, "CC": NOTHING, "CH": OUTLINE, "SA": FULL, "AS": FULL, "SH": FULL,
    "OA": OUTLINE, "OH": OUTLINE, "AD": NOTHING, "AU": FULL, "EX": FULL,
}  # fmt: skip


@pytest.mark.parametrize(("letter", "expected"), OF_IT.items())
def test_sight_of_a_department_follows_the_matrix(company, letter, expected):
    assert policies.sight_of(company.by_context[letter], company.it) == expected


@pytest.mark.parametrize(("letter", "expected"), OF_IT.items())
def test_sight_of_the_company_is_in_outline_for_everybody_with_a_department_to_supply(company, letter, expected):
    wanted = OUTLINE if letter in ("SA", "AS", "SH") else expected
    assert policies.sight_of_company(company.by_context[letter]) == wanted


def test_who_leads_a_department_leads_those_below_it(company):
    top = save_department(by=company.admin, slug="top", name="Top")
    below = save_department(by=company.admin, slug="below", name="Below", parent=top)
    boss = make_person("Bea Boss", top, "head")

    assert policies.sight_of(boss, below) == FULL
    assert policies.sight_of(company.supplier_head, below) == OUTLINE


def test_partners_see_themselves_only(company):
    partner = save_department(by=company.admin, slug="partner", name="Partner", kind="partner")
    head = make_person("Pia Partner", partner, "head")

    assert (policies.sight_of(head, partner), policies.sight_of(head, company.it)) == (FULL, NOTHING)
    assert policies.sight_of_company(head) == NOTHING


def test_refusals_name_who_could(company):
    with pytest.raises(NotAllowed) as refusal:
        policies.require_sight(company.stranger, company.it)
    assert "Ask the head of IT Services." in refusal.value.needed

    with pytest.raises(NotAllowed):
        policies.require_company(company.stranger)
    assert policies.require_company(company.executive) == FULL


def test_what_people_answered_is_for_the_department_executives_and_auditors(company):
    readers = {letter for letter, person in company.by_context.items() if policies.may_read_answers(person, company.it)}

    assert readers == {"SA", "AS", "SH", "AU", "EX"}
    assert "csat" not in policies.readable_figures(company.other_head, company.it)
    assert policies.readable_figures(company.agent, company.it) == list(DEFINITIONS)


def test_the_list_behind_a_figure_is_offered_to_whom_it_would_show_something(company):
    readers = {letter for letter, person in company.by_context.items() if policies.may_open_rows(person, company.it)}

    assert readers == {"SA", "AS", "SH", "AD", "AU"}


def test_in_outline_one_narrows_to_ones_own_department_only(company):
    own, other = (company.facilities.pk,), (company.sales.pk,)
    policies.require_narrowing(company.other_head, OUTLINE, own, finer=False)
    policies.require_narrowing(company.other_head, OUTLINE, None, finer=False)
    policies.require_narrowing(company.agent, FULL, other, finer=True)

    for ids, finer in ((other, False), (own, True), (None, True)):
        with pytest.raises(NotAllowed):
            policies.require_narrowing(company.other_head, OUTLINE, ids, finer=finer)


def test_a_person_of_several_departments_has_the_best_sight(company):
    set_hats(by=company.admin, person=company.other_agent, department=company.it, roles={"agent"}, home=False)
    if hasattr(company.other_agent, "_standing"):
        del company.other_agent._standing

    assert policies.sight_of(company.other_agent, Department.objects.get(slug="it")) == FULL
