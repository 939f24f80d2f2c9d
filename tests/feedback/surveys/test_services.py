"""Questionnaires and campaigns: who may, the life of a campaign, and that nobody answers twice or is found out."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from feedback.ratings.services import invite_to_rate
from feedback.surveys.audience import audience_of, grouped
from feedback.surveys.letters import write_letter
from feedback.surveys.models import Campaign, SurveyAnswer, SurveyInvitation, SurveyVersion
from feedback.surveys.policies import can_configure, can_read_results, can_read_texts
from feedback.surveys.rhythm import today_of
from feedback.surveys.selectors import campaign_page, waiting_for
from feedback.surveys.services import (
    change_campaign,
    create_survey,
    draft_campaign,
    give_answer,
    newest_version,
    save_questions,
    sweep_campaigns,
    take_step,
)
from feedback.surveys.tasks import sweep_campaigns as sweep_task
from requests_app.events.models import Event
from requests_app.events.services import deliver
from requests_app.kernel.errors import DomainError, IllegalMove, NotAllowed, StaleVersion, WrongInput
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.services import send_waiting
from requests_app.org.models import Person
from requests_app.org.services import save_department, set_hats
from requests_app.org.states import CustomerKind
from servicedesk.celery import app
from tests.factories import make_person
from tests.factories.surveys import OVERALL, answer_all, closed, crowd, opened, prepared, survey_of

pytestmark = pytest.mark.django_db
GOOD = {"q1": 4, "q2": "a", "q3": "It was quick"}


def kinds() -> list[str]:
    rows = Event.objects.filter(subject_kind__in=["survey", "campaign"]).order_by("pk")
    return list(rows.values_list("kind", flat=True))


# ── Who may ──────────────────────────────────────────────────────────────────


def test_heads_make_them_for_their_department_and_administrators_for_all(company):
    may = {letter for letter, person in company.by_context.items() if can_configure(person, company.it.pk)}
    assert may == {"SH", "AD"}
    assert {letter for letter, person in company.by_context.items() if can_configure(person, None)} == {"AD"}
    with pytest.raises(NotAllowed):
        create_survey(by=company.supplier_head, title="For all")
    asked = {"survey": survey_of(company), "departments": [company.it], "closes_on": timezone.localdate()}
    with pytest.raises(NotAllowed):
        draft_campaign(by=company.other_head, **asked)


def test_results_are_for_both_sides_and_those_who_look_on(company):
    campaign = prepared(company)
    people = company.by_context.items()
    assert {letter for letter, one in people if can_read_results(one, campaign, [company.sales.pk])} == {
        "CH", "SA", "AS", "SH", "AU", "EX",
    }  # fmt: skip
    assert {letter for letter, one in people if can_read_texts(one, campaign, [company.sales.pk])} == {"SH", "AU"}


# ── Questionnaires ───────────────────────────────────────────────────────────


def test_what_was_sent_stays_and_a_change_makes_the_next_version(company):
    survey = survey_of(company)
    campaign = opened(company, survey, anonymous=False)
    changed = save_questions(by=company.supplier_head, survey=survey, questions=[OVERALL])
    assert (changed.number, changed.locked_at, campaign.version.number) == (2, None, 1)
    assert Campaign.objects.get().version.questions == newest_version(survey).survey.versions.get(number=1).questions
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyVersion.objects.filter(number=1).update(questions=[])


def test_the_same_questions_again_change_nothing_and_a_stale_save_is_told(company):
    survey = survey_of(company)
    before = newest_version(survey).revision
    assert (
        save_questions(by=company.supplier_head, survey=survey, questions=newest_version(survey).questions).revision
        == before
    )
    with pytest.raises(StaleVersion):
        save_questions(by=company.supplier_head, survey=survey, questions=[OVERALL], expected_revision=before - 1)


def test_a_ready_questionnaire_is_there_at_once(company):
    survey = create_survey(by=company.admin, title="A wall", ready="wall_check")
    assert [one["kind"] for one in newest_version(survey).questions] == ["section", "matrix5", "text"]
    with pytest.raises(WrongInput):
        create_survey(by=company.admin, title="A wall", ready="nothing")


# ── Groups ───────────────────────────────────────────────────────────────────


def test_small_departments_are_counted_with_the_one_above_or_with_all_others():
    parents = {1: None, 2: 1, 3: 1, 4: None, 5: None}
    people = dict(enumerate([2] * 6 + [3] * 2 + [1] * 3 + [4] * 2 + [5] * 9))
    assert grouped(people, parents) == {2: 2, 3: 1, 1: 1, 4: None, 5: 5} | {1: None, 3: None}
    assert grouped({1: 2, 2: 3}, parents) == {2: None, 3: None}
    assert grouped(dict.fromkeys(range(5), 5), parents) == {5: 5}


def test_only_the_active_of_the_departments_and_of_those_below_are_asked(company):
    below = save_department(by=company.admin, slug="field", name="Field", parent=company.sales)
    one, gone = crowd(below, 2)
    gone.is_active = False
    gone.save()
    campaign = prepared(company)
    expected = {company.requester.pk, company.colleague.pk, company.customer_head.pk, one.pk}
    assert set(audience_of(campaign, timezone.now()).people) == expected
    assert set(audience_of(prepared(company, roles=["head"]), timezone.now()).people) == {company.customer_head.pk}


def test_a_campaign_asks_kinds_of_customers_as_requests_tell_them_apart(company):
    partner = save_department(by=company.admin, slug="carrier", name="Carrier", kind="partner")
    hats = {"head", "member"}
    set_hats(by=company.admin, person=company.customer_head, department=company.sales, roles=hats)
    outside, boss = make_person("Outside", partner), make_person("Boss", company.sales)
    Person.objects.filter(pk__in=[boss.pk, outside.pk]).update(is_executive=True)
    asked = {"departments": [company.sales, partner]}
    found = {
        kind: set(audience_of(prepared(company, kinds=[kind], **asked), timezone.now()).people)
        for kind in CustomerKind.values
    }  # fmt: skip
    assert found == {
        "partner": {outside.pk},
        "executive": {boss.pk},
        "department": {company.customer_head.pk},
        "employee": {company.requester.pk, company.colleague.pk},
    }
    both = audience_of(prepared(company, kinds=["department", "executive"], **asked), timezone.now()).people
    assert set(both) == {company.customer_head.pk, boss.pk}
    with pytest.raises(WrongInput):
        prepared(company, kinds=["somebody"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=prepared(company).pk).update(kinds=["somebody"])


def test_a_prepared_campaign_is_changed_until_somebody_is_asked(company):
    campaign = prepared(company, remind_after_days=5)
    asked = {"departments": [company.facilities], "closes_on": campaign.closes_on, "kinds": ["department"]}
    changed = change_campaign(
        by=company.supplier_head, campaign=campaign, title="Anew", anonymous=False, expected_revision=1, **asked
    )
    assert (changed.title, changed.anonymous, changed.kinds, changed.remind_after_days, changed.revision) == (
        "Anew", False, ["department"], None, 2,
    )  # fmt: skip
    assert list(changed.departments.all()) == [company.facilities]
    with pytest.raises(StaleVersion):
        change_campaign(by=company.supplier_head, campaign=campaign, expected_revision=1, **asked)
    with pytest.raises(NotAllowed):
        change_campaign(by=company.customer_head, campaign=campaign, **asked)
    with pytest.raises(WrongInput):
        change_campaign(by=company.supplier_head, campaign=campaign, **asked | {"departments": []})
    take_step(by=company.supplier_head, campaign=campaign, step="open")
    with pytest.raises(IllegalMove):
        change_campaign(by=company.supplier_head, campaign=campaign, **asked)
    assert kinds()[-3:] == ["campaign.drafted", "campaign.changed", "campaign.opened"]


def test_nobody_is_asked_again_within_the_days_of_rest(company, settings, delivered_request):
    invite_to_rate(request_id=delivered_request.pk)
    opened(company, departments=[company.facilities], anonymous=False)
    campaign = prepared(company, departments=[company.sales, company.facilities])
    now = timezone.now()
    assert company.requester.pk in audience_of(campaign, now).people
    settings.ASK_AGAIN_AFTER_DAYS = 7
    assert set(audience_of(campaign, now).people) == {company.colleague.pk, company.customer_head.pk}
    assert len(audience_of(campaign, now + timedelta(days=8)).people) == 7


def test_of_itself_the_desk_leaves_two_weeks_between_campaigns(company, settings):
    settings.CAMPAIGN_AGAIN_AFTER_DAYS = 14  # as settings/base.py has it
    crowd(company.sales, 3)
    first = opened(company)
    second = prepared(company, departments=[company.sales, company.facilities], anonymous=False)
    page = campaign_page(person=company.supplier_head, pk=second.pk)
    assert (len(page.would_ask.people), page.rested) == (4, 6)
    second = take_step(by=company.supplier_head, campaign=second, step="open")
    assert (first.rested, second.rested, second.invitations.count()) == (0, 6, 4)
    assert Event.objects.filter(kind="campaign.opened").latest("pk").data["rested"] == 6
    told = {
        letter: campaign_page(person=company.by_context[letter], pk=second.pk).rested for letter in ("SH", "AU", "RQ")
    }
    assert told == {"SH": 6, "AU": 6, "RQ": None}
    with pytest.raises(DomainError, match="6 people were asked something of late"):
        opened(company)
    days = [audience_of(prepared(company), timezone.now() + timedelta(days=n)).rested for n in (13, 14)]
    assert days == [6, 0]


def test_self_knowledge_asks_in_any_case_and_says_so(company, settings, as_browser):
    settings.CAMPAIGN_AGAIN_AFTER_DAYS = 14
    opened(company, anonymous=False)
    survey = create_survey(by=company.admin, title="What we are", ready="self_knowledge")
    asked = {"departments": [company.sales], "closes_on": timezone.localdate() + timedelta(days=9), "anonymous": False}
    campaign = draft_campaign(by=company.admin, survey=survey, **asked)
    campaign = take_step(by=company.admin, campaign=campaign, step="open")
    assert (campaign.rested, campaign.invitations.count()) == (0, 3)
    page = as_browser(company.admin).get(f"/feedback/surveys/campaigns/{campaign.pk}/").content.decode()
    assert "Nobody: each department answers this" in page


def test_a_campaign_that_comes_again_within_the_days_of_rest_is_refused(company, settings):
    settings.CAMPAIGN_AGAIN_AFTER_DAYS = 14
    today = today_of(timezone.now())
    rhythm = {"opens_on": today, "closes_on": today + timedelta(days=5), "repeat_unit": "weeks"}
    with pytest.raises(WrongInput) as refused:
        prepared(company, repeat_every=1, **rhythm)
    assert refused.value.errors == {
        "repeat_every": ["Nobody is asked by two surveys within 14 days. Choose a longer time between."]
    }
    assert prepared(company, repeat_every=2, **rhythm).repeat_every == 2


# ── The life of a campaign ───────────────────────────────────────────────────


def test_an_anonymous_campaign_needs_five_people_and_a_question(company):
    head = company.supplier_head
    with pytest.raises(DomainError, match="Too few"):
        opened(company)
    crowd(company.sales, 2)
    with pytest.raises(DomainError, match="no question"):
        opened(company, survey_of(company, []))
    campaign = opened(company)
    assert campaign.invitations.count() == 5
    assert set(campaign.invitations.values_list("group", flat=True)) == {company.sales.pk}
    for step in ("remind", "close"):
        take_step(by=head, campaign=campaign, step=step)
    assert kinds()[-4:] == ["campaign.drafted", "campaign.opened", "campaign.reminded", "campaign.closed"]
    with pytest.raises(IllegalMove):
        take_step(by=head, campaign=campaign, step="open")
    with pytest.raises(DomainError) as unknown:
        take_step(by=head, campaign=campaign, step="dance")
    assert unknown.value.status == 400


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"closes_on": timezone.localdate() - timedelta(days=1)}, "closes_on"),
        ({"closes_on": timezone.localdate() + timedelta(days=500)}, "closes_on"),
        ({"opens_on": timezone.localdate() - timedelta(days=3)}, "opens_on"),
        ({"departments": []}, "departments"),
        ({"roles": ["king"]}, "roles"),
        ({"title": "x" * 300}, "title"),
    ],
    ids=str,
)
def test_what_is_wrong_in_a_campaign_is_named(company, values, field):
    with pytest.raises(WrongInput) as refused:
        prepared(company, **values)
    assert list(refused.value.errors) == [field]


def test_the_clock_opens_reminds_once_and_closes(company):
    crowd(company.sales, 3)
    now, day = timezone.now(), timedelta(days=1)
    campaign = prepared(company, opens_on=timezone.localdate() + 2 * day, remind_after_days=3)
    states = []
    for days in (0, 3, 4, 6.1, 7, 16):
        sweep_campaigns(now=now + days * day)
        campaign.refresh_from_db()
        states.append((campaign.state, campaign.reminded_at is not None))
    assert states == [
        ("draft", False),
        ("open", False),
        ("open", False),
        ("open", True),
        ("open", True),
        ("closed", True),
    ]
    assert sweep_campaigns(now=now + 17 * day) == {"open": 0, "remind": 0, "close": 0}


def test_a_campaign_that_cannot_open_by_itself_stays_as_it_is(company):
    prepared(company, opens_on=today_of(timezone.now()))
    assert sweep_campaigns() == {"open": 0, "remind": 0, "close": 0}
    sweep_task()
    assert "feedback.sweep_campaigns" in {entry["task"] for entry in app.conf.beat_schedule.values()}


# ── Answers ──────────────────────────────────────────────────────────────────


def test_an_anonymous_answer_is_given_once_and_never_changed(company):
    crowd(company.sales, 3)
    campaign = opened(company)
    before = Event.objects.count()
    give_answer(by=company.requester, campaign=campaign, values=GOOD)
    with pytest.raises(IllegalMove, match="stays as it is"):
        give_answer(by=company.requester, campaign=campaign, values=GOOD)
    row = SurveyAnswer.objects.get()
    assert (row.person_id, row.given_at, row.group_id, row.values) == (None, None, company.sales.pk, GOOD)
    assert Event.objects.count() == before  # the log knows who and when
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyAnswer.objects.update(values={})
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyInvitation.objects.filter(answered=True).update(answered=False)


def test_a_named_answer_is_changed_until_the_campaign_closes(company):
    campaign = opened(company, anonymous=False)
    give_answer(by=company.requester, campaign=campaign, values=GOOD)
    give_answer(by=company.requester, campaign=campaign, values={"q1": 1})
    row = SurveyAnswer.objects.get()
    assert (row.person, row.values) == (company.requester, {"q1": 1})
    assert kinds()[-2:] == ["survey.answered", "survey.answered"]
    closed(company, campaign)
    with pytest.raises(IllegalMove):
        give_answer(by=company.requester, campaign=campaign, values=GOOD)


def test_whether_answers_have_names_is_held_by_the_database(company):
    crowd(company.sales, 3)
    for anonymous, person in ((True, company.requester), (False, None)):
        campaign = opened(company, anonymous=anonymous)
        with pytest.raises(IntegrityError), transaction.atomic():
            SurveyAnswer.objects.create(campaign=campaign, person=person, given_at=timezone.now() if person else None)
        with pytest.raises(IntegrityError), transaction.atomic():
            Campaign.objects.filter(pk=campaign.pk).update(anonymous=not anonymous)


def test_who_is_not_asked_does_not_answer_and_nobody_answers_a_draft(company):
    crowd(company.sales, 3)
    with pytest.raises(NotAllowed):
        give_answer(by=company.stranger, campaign=opened(company), values=GOOD)
    with pytest.raises(NotAllowed):
        give_answer(by=company.requester, campaign=prepared(company), values=GOOD)
    late = timezone.now() + timedelta(days=20)
    with pytest.raises(IllegalMove):
        give_answer(by=company.requester, campaign=opened(company), values=GOOD, now=late)
    with pytest.raises(WrongInput):
        give_answer(by=company.requester, campaign=opened(company), values={"q2": "a"})
    assert not SurveyAnswer.objects.exists()


def test_after_the_end_not_even_the_transactions_tell_whose_answer_is_whose(company):
    crowd(company.sales, 5)
    campaign = opened(company)
    answer_all(campaign, [{"q1": 1 + number % 5} for number in range(6)])
    before = set(SurveyAnswer.objects.values_list("pk", flat=True))
    closed(company, campaign)
    assert not before & set(SurveyAnswer.objects.values_list("pk", flat=True))
    assert sorted(row["q1"] for row in SurveyAnswer.objects.values_list("values", flat=True)) == [1, 1, 2, 3, 4, 5]
    with connection.cursor() as cursor:
        for table in ("surveys_answer", "surveys_invitation"):
            cursor.execute(f"SELECT count(DISTINCT xmin::text) FROM {table}")  # noqa: S608
            assert cursor.fetchone() == (1,)
    assert [field.name for field in SurveyInvitation._meta.get_fields()] == [
        "id",
        "campaign",
        "person",
        "group",
        "answered",
    ]


# ── Mail and my desk ─────────────────────────────────────────────────────────


def test_who_is_asked_is_mailed_and_only_who_has_not_answered_is_reminded(company):
    crowd(company.sales, 3)
    campaign = opened(company)
    deliver("feedback.survey_letters")
    send_waiting()
    assert len(mail.outbox) == 6
    assert (mail.outbox[0].subject, "anonymous" in mail.outbox[0].body) == ("Please answer: How we serve", True)
    assert f"/feedback/surveys/campaigns/{campaign.pk}/answer/" in mail.outbox[0].body
    give_answer(by=company.requester, campaign=campaign, values=GOOD)
    take_step(by=company.supplier_head, campaign=campaign, step="remind")
    deliver("feedback.survey_letters")
    send_waiting()
    reminded = [one.to[0] for one in mail.outbox[6:]]
    assert (len(reminded), company.requester.email in reminded) == (5, False)
    with pytest.raises(IllegalMove):
        take_step(by=company.supplier_head, campaign=campaign, step="remind")
    closed(company, campaign)
    assert {write_letter(row) for row in OutgoingMail.objects.select_related("person")} == {None}


def test_on_my_desk_it_waits_until_it_is_answered(company):
    campaign = opened(company, anonymous=False)
    assert [row.campaign for row in waiting_for(company.requester)] == [campaign]
    give_answer(by=company.requester, campaign=campaign, values=GOOD)
    assert (waiting_for(company.requester), waiting_for(company.stranger)) == ([], [])
