"""Departments, people, their hats and tokens: who may change what, and what is recorded."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from requests_app.events.models import Event
from requests_app.kernel.errors import NotAllowed, WrongInput
from requests_app.org import policies, selectors
from requests_app.org.models import ApiToken, Department, Membership, Person
from requests_app.org.services import (
    create_token,
    digest_of,
    save_department,
    save_person,
    set_hats,
    withdraw_token,
)  # fmt: skip
from tests.factories import make_person


def roles(person: Person, department: Department) -> set[str]:
    return set(Membership.objects.filter(person=person, department=department).values_list("role", flat=True))


def test_departments_form_a_tree_whose_paths_follow_a_move(company):
    group = save_department(by=company.admin, slug="group", name="Group")
    team = save_department(by=company.admin, slug="team", name="Team", parent=company.it)
    save_department(by=company.admin, department=company.it, parent=group)

    team.refresh_from_db()
    assert team.path == f"/{group.pk}/{company.it.pk}/{team.pk}/"
    assert set(selectors.below(group)) == {group.pk, company.it.pk, team.pk}


def test_a_department_cannot_lie_below_itself(company):
    team = save_department(by=company.admin, slug="team", name="Team", parent=company.it)
    with pytest.raises(WrongInput) as refusal:
        save_department(by=company.admin, department=company.it, parent=team)
    assert list(refusal.value.errors) == ["parent"]


def test_a_head_changes_the_own_department_but_not_its_place(company):
    changed = save_department(by=company.supplier_head, department=company.it, mission="Things that work")
    assert changed.mission == "Things that work"
    for values in ({"slug": "it2"}, {"is_active": False}, {"kind": "partner"}, {"parent": company.sales}):
        with pytest.raises(NotAllowed):
            save_department(by=company.supplier_head, department=company.it, **values)
    with pytest.raises(NotAllowed):
        save_department(by=company.other_head, department=company.it, mission="Mine")
    with pytest.raises(NotAllowed):
        save_department(by=company.supplier_head, slug="new", name="New")


def test_a_change_is_recorded_with_before_and_after_and_no_change_is_not(company):
    save_department(by=company.admin, department=company.it, cost_centre="4410")
    save_department(by=company.admin, department=company.it, cost_centre="4410")

    events = Event.objects.filter(subject_kind="department", subject_id=company.it.pk).order_by("pk")
    assert [event.data["after"] for event in events][1:] == [{"cost_centre": "4410"}]
    assert events.last().data["before"] == {"cost_centre": ""}


def test_only_admins_make_people_and_addresses_are_unique_in_any_case(company):
    person = save_person(by=company.admin, email="New@Example.Test", name="Nora New")
    assert (person.email, person.has_usable_password()) == ("new@example.test", False)
    with pytest.raises(WrongInput) as refusal:
        save_person(by=company.admin, email="NEW@example.test", name="Another")
    assert list(refusal.value.errors) == ["email"]
    with pytest.raises(NotAllowed):
        save_person(by=company.supplier_head, email="x@example.test", name="X")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(email="NEW@EXAMPLE.TEST", name="Third")


def test_a_password_is_stored_hashed_and_not_in_the_log(company):
    person = save_person(by=company.admin, email="n@example.test", name="N", password="a long enough password")
    assert person.check_password("a long enough password")
    assert "password" not in str(list(Event.objects.values_list("data", flat=True)))


def test_nobody_changes_the_own_roles_or_access(company):
    for values in ({"is_admin": False}, {"is_active": False}, {"email": "else@example.test"}, {"is_executive": True}):
        with pytest.raises(NotAllowed):
            save_person(by=company.admin, person=company.admin, **values)
    with pytest.raises(NotAllowed):
        set_hats(by=company.admin, person=company.admin, department=company.it, roles={"agent"})
    assert save_person(by=company.admin, person=company.admin, position="CIO").position == "CIO"


def test_admins_set_any_hat_and_the_home(company):
    set_hats(by=company.admin, person=company.stranger, department=company.it, roles={"agent", "head"}, home=True)

    assert roles(company.stranger, company.it) == {"agent", "head"}
    assert Membership.objects.get(person=company.stranger, home=True).department == company.it
    set_hats(by=company.admin, person=company.stranger, department=company.it, roles=set())
    assert roles(company.stranger, company.it) == set()


def test_heads_make_and_unmake_agents_of_their_own_department_only(company):
    set_hats(by=company.supplier_head, person=company.agent, department=company.it, roles=set())
    set_hats(by=company.supplier_head, person=company.agent, department=company.it, roles={"agent"})
    for person, department, wanted in [
        (company.agent, company.it, {"agent", "head"}),
        (company.supplier_head, company.it, {"head", "agent"}),
        (company.stranger, company.facilities, {"member", "agent"}),
    ]:
        with pytest.raises(NotAllowed):
            set_hats(by=company.supplier_head, person=person, department=department, roles=wanted)


def test_a_hat_taken_away_counts_at_once(company):
    assert company.it.pk in policies.standing(company.agent).supplies_for
    set_hats(by=company.admin, person=company.agent, department=company.it, roles=set())
    assert company.it.pk not in policies.standing(company.agent).supplies_for


def test_a_token_is_stored_as_digest_and_lives_at_most_a_year(company):
    token = create_token(person=company.agent)

    row = ApiToken.objects.get()
    assert row.digest == digest_of(token)
    assert token not in str(vars(row))
    assert row.expires_at <= timezone.now() + timedelta(days=365)


def test_the_letters_of_people_without_an_object(company):
    letters = {
        name: set(policies.contexts_without_object(getattr(company, name)))
        for name in ("requester", "agent", "supplier_head", "admin", "auditor", "executive")
    }
    assert letters == {
        "requester": {"U"}, "agent": {"U", "OA"}, "supplier_head": {"U", "OH"}, "admin": {"U", "AD"},
        "auditor": {"U", "AU"}, "executive": {"U", "EX"},
    }  # fmt: skip
    nobody = Person(name="left", is_active=False)
    assert policies.contexts_without_object(nobody) == {"AN"}


def test_the_strongest_code_of_all_contexts_holds():
    assert policies.best_code("request.view", {"U", "RQ"}) == "Y"
    assert policies.best_code("request.view", {"U"}) == "H"
    assert policies.best_code("request.view", set()) == "H"
    assert policies.best_code("request.confirm_close", {"SA", "RQ"}) == "S"


def test_settings_of_a_department_are_its_heads_and_the_admins(company):
    able = [policies.can_edit_department(person, company.it.pk) for person in company.by_context.values()]
    assert dict(zip(company.by_context, able, strict=True)) == {
        letter: letter in {"SH", "AD"} for letter in company.by_context
    }
    with pytest.raises(NotAllowed):
        policies.require_admin(company.supplier_head)


def test_departments_are_found_by_short_name_while_they_work(company):
    assert selectors.get_department(person=company.requester, slug="it") == company.it
    Department.objects.filter(slug="it").update(is_active=False)
    with pytest.raises(Http404):
        selectors.get_department(person=company.requester, slug="it")


def test_agents_of_a_department_are_those_who_supply_and_are_still_there(company):
    gone = make_person("Gone Agent", company.it, "agent", is_active=False)
    found = set(selectors.agents_of(company.it.pk))
    assert found == {company.agent, company.assigned, company.supplier_head}
    assert gone not in found
    assert selectors.supplied_departments(company.agent) == [company.it]


def test_names_are_looked_up_once_for_all(company, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert selectors.names_of([company.agent.pk, None, company.agent.pk]) == {company.agent.pk: "Anton Agent"}
    with django_assert_num_queries(0):
        assert selectors.names_of([None]) == {}


def test_people_are_listed_with_their_hats_in_two_queries(company, django_assert_num_queries):
    with django_assert_num_queries(2):
        rows = list(selectors.people())
        assert all(hat.department.name for person in rows for hat in person.memberships.all())


def test_people_and_departments_have_words_for_themselves(company):
    assert (str(company.it), str(company.agent), company.agent.get_full_name()) == (
        "IT Services",
        "Anton Agent",
        "Anton Agent",
    )
    assert company.agent.get_short_name() == "Anton"
    assert Person.objects.get_by_natural_key("ANTON.AGENT@example.test") == company.agent


def test_a_token_is_withdrawn_once_and_recorded_once(company):
    create_token(person=company.requester)
    token = company.requester.api_tokens.get()
    for _press in range(2):
        withdraw_token(by=company.requester, token=ApiToken(pk=token.pk, person_id=token.person_id, name=token.name))

    noted = Event.objects.filter(kind="config.changed", subject_kind="token", subject_id=token.pk)
    assert (noted.count(), ApiToken.objects.count()) == (2, 0)
