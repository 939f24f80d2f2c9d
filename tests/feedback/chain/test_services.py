"""What departments say: by whom, version by version, and out of the answers to a self-knowledge campaign."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from feedback.chain.models import Declaration
from feedback.chain.policies import can_declare, can_read
from feedback.chain.selectors import between, disagreements, waiting_for
from feedback.chain.services import take_in
from feedback.surveys.services import take_step
from requests_app.events.models import Event
from requests_app.events.services import deliver
from requests_app.kernel.errors import NotAllowed, StaleVersion, WrongInput
from tests.factories.chain import IT_ANSWER, SALES_ANSWER, answer, both, declared, self_knowledge

pytestmark = pytest.mark.django_db


def told() -> list[tuple]:
    """Who says what of whom now."""
    rows = Declaration.objects.filter(is_current=True, holds=True).order_by("department__slug", "side", "other__slug")
    return [(row.department.slug, row.side, row.other and row.other.slug) for row in rows]


def test_a_department_speaks_through_its_head_and_is_read_by_its_agents(company):
    people = company.by_context.items()
    assert {letter for letter, person in people if can_declare(person, company.it)} == {"SH"}
    assert {letter for letter, person in people if can_read(person, company.it)} == {"SA", "AS", "SH", "AU", "EX"}
    with pytest.raises(NotAllowed):
        declared(company, by=company.admin)


def test_each_change_is_a_version_and_the_same_again_is_none(company):
    first = declared(company)
    assert declared(company).pk == first.pk
    second = declared(company, demands="within a day")
    gone = declared(company, holds=False, products="x")
    rows = list(Declaration.objects.order_by("number").values_list("number", "is_current", "holds", "demands"))
    assert rows == [
        (1, False, True, "within 2 days"), (2, False, True, "within a day"), (3, True, False, "within a day"),
    ]  # fmt: skip
    kinds = Event.objects.filter(subject_kind="declaration").order_by("pk").values_list("kind", "subject_id")
    assert list(kinds) == [
        ("relation.declared", first.pk), ("relation.declared", second.pk), ("relation.ended", gone.pk),
    ]  # fmt: skip


def test_what_was_said_is_never_changed(company):
    declared(company)
    with pytest.raises(IntegrityError), transaction.atomic():
        Declaration.objects.update(demands="else")
    with pytest.raises(IntegrityError), transaction.atomic():
        Declaration.objects.all().delete()


def test_what_cannot_be_said_names_the_field(company):
    for more, field in [
        ({"other": company.sales}, "other"), ({"other": None}, "other"), ({"side": "friend"}, "side"),
        ({"holds": False}, "holds"), ({"demands": "x" * 5000}, "demands"), ({"troubles": "a\x00"}, "troubles"),
    ]:  # fmt: skip
        with pytest.raises(WrongInput) as refused:
            declared(company, **more)
        assert list(refused.value.errors) == [field]
    declared(company)
    with pytest.raises(StaleVersion):
        declared(company, demands="y", expected_number=0)


def test_answers_to_the_survey_become_relations_and_the_newest_is_valid(company):
    campaign = self_knowledge(company)
    answer(campaign, company.customer_head, **SALES_ANSWER)
    answer(campaign, company.supplier_head, **IT_ANSWER)
    deliver("feedback.chain")
    assert told() == [
        ("it", "customer", "sales"), ("sales", "customer", None), ("sales", "supplier", "facilities"),
        ("sales", "supplier", "it"),
    ]  # fmt: skip
    row = Declaration.objects.get(department=company.sales, other=company.it)
    assert (row.products, row.demands, row.troubles) == ("laptops", "within 2 days", "they come late")
    answer(campaign, company.customer_head, **SALES_ANSWER | {"suppliers": ["it"], "demand": "it: within a day"})
    deliver("feedback.chain")
    assert told()[-1] == ("sales", "supplier", "it")
    assert ("sales", "supplier", "facilities") not in told()
    versions = Declaration.objects.filter(department=company.sales, other=company.it).order_by("number")
    assert [row.demands for row in versions] == ["within 2 days", "within a day"]


def test_taking_in_again_changes_nothing_and_what_was_said_later_stays(company):
    campaign = self_knowledge(company)
    answer(campaign, company.customer_head, **SALES_ANSWER)
    take_step(by=company.admin, campaign=campaign, step="close")
    assert take_in(campaign=campaign) == 3
    declared(company, demands="within the hour", at=timezone.now() + timedelta(minutes=1))
    before = Declaration.objects.count()
    assert take_in(campaign=campaign) == 0
    deliver("feedback.chain")
    assert Declaration.objects.count() == before


def test_only_heads_of_named_campaigns_speak_for_their_department(company):
    campaign = self_knowledge(company, roles=[])
    answer(campaign, company.colleague, **SALES_ANSWER)
    assert take_in(campaign=campaign) == 0
    hidden = self_knowledge(company, roles=[], anonymous=True)
    answer(hidden, company.customer_head, **SALES_ANSWER)
    assert take_in(campaign=hidden) == 0


def test_who_is_named_is_asked_what_they_say_until_they_answer(company):
    declared(company)
    assert [row.department for row in waiting_for(company.supplier_head)] == [company.sales]
    assert waiting_for(company.agent) == []
    declared(company, by=company.supplier_head, department=company.it, side="customer", other=company.sales)
    assert waiting_for(company.supplier_head) == []


def test_the_two_are_told_what_to_talk_about(company):
    both(company)
    found = between(company.it, company.sales)
    assert [(row.supplier, row.customer, row.link.match) for row in found.directions] == [
        (company.it, company.sales, "different")
    ]
    assert [point.kind for point in disagreements((company.sales, company.it))] == ["demands", "trouble", "unused"]
