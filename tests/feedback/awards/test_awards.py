"""The life of an award: opened, nominated for, voted on, counted, announced; and what is refused on the way."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from feedback.awards import letters, papers, services
from feedback.awards.keeping import save_programme
from feedback.awards.models import Award, Nomination, Nominee, Score, Tally, Voter
from feedback.awards.selectors import award_page, waiting_for, won_by
from feedback.awards.states import CANCELLED, Reason
from feedback.awards.tasks import move_awards_on
from feedback.awards.voters import everybody, voters_of
from metrics.facts.models import RequestFact
from requests_app.events.models import Event
from requests_app.kernel.errors import DomainError, IllegalMove, NotAllowed, StaleVersion, WrongInput
from requests_app.messaging.models import OutgoingMail
from requests_app.org.models import Person
from requests_app.org.services import save_department
from tests.factories import make_person
from tests.factories.awards import (
    WEIGHTS,
    announced,
    counted,
    crowd_of,
    judged_figures,
    nominated,
    nominee_of,
    opened,
    programme_of,
    today,
    voting,
)

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


def winners(award: Award) -> list[str]:
    return sorted(award.nominees.filter(won=True).values_list("department__slug", flat=True))


def outcome(award: Award) -> tuple:
    award.refresh_from_db()
    return award.state, award.outcome, award.how, winners(award)


def at_noon(day) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=BERLIN)


# ── Programmes ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"weights": {}}, "weights"),
        ({"weights": {"beauty": 3}}, "weights"),
        ({"weights": {"kept": 101}}, "weights"),
        ({"most_requests": 10}, "most_requests"),
        ({"fewest_requests": 0}, "fewest_requests"),
        ({"fewest_response": 101}, "fewest_response"),
        ({"most_flagged": 0}, "most_flagged"),
        ({"way": "jury"}, "jury"),
        ({"way": "dice"}, "way"),
    ],
)
def test_what_a_programme_lacks_is_said_beside_the_field(company, more, field):
    with pytest.raises(WrongInput) as refused:
        programme_of(company, **more)
    assert list(refused.value.errors) == [field]


def test_only_administrators_keep_programmes_and_a_stale_change_is_told(company):
    programme = programme_of(company)
    with pytest.raises(NotAllowed):
        save_programme(by=company.supplier_head, name="Mine", weights=WEIGHTS)
    save_programme(by=company.admin, programme=programme, weights={"kept": 1}, expected_version=1, name="Anew")
    with pytest.raises(StaleVersion):
        save_programme(by=company.admin, programme=programme, weights=WEIGHTS, expected_version=1, name="Old")
    with pytest.raises(WrongInput):
        programme_of(company, name="Anew")
    assert Event.objects.filter(kind="config.changed", subject_kind="award_programme").count() == 2


# ── Opening ──────────────────────────────────────────────────────────────────


def test_an_award_freezes_rules_seed_and_scores_and_nominates_by_figures(company):
    award = opened(company)
    assert (award.state, award.seed, award.method, award.rules["weights"]) == ("nominating", 7, "1", WEIGHTS)
    assert award.rules["floors"]["fewest_requests"] == 30
    named = set(award.nominees.filter(by_figures=True).values_list("department__slug", flat=True))
    assert named == {"it", "facilities", "award-legal"}
    assert Score.objects.get(department=company.sales).reasons == [Reason.FEW, Reason.SILENT]
    save_programme(by=company.admin, programme=award.programme, name="Anew", weights={"kept": 1})
    award.refresh_from_db()
    assert award.rules["weights"] == WEIGHTS


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"last": 0}, "last"),
        ({"first": -1, "last": -3}, "last"),
        ({"first": -400}, "first"),
        ({"nominate_until": -1}, "nominate_until"),
        ({"vote_until": 7}, "vote_until"),
    ],
)
def test_days_that_make_no_sense_are_refused_beside_the_field(company, more, field):
    with pytest.raises(WrongInput) as refused:
        opened(company, **{name: today() + timedelta(days=days) for name, days in more.items()})
    assert list(refused.value.errors) == [field]


def test_the_same_days_are_awarded_once_but_again_after_a_cancellation(company):
    award = opened(company)
    with pytest.raises(WrongInput):
        opened(company, award.programme)
    services.take_step(by=company.admin, award=award, name="cancel", note="Wrong days")
    assert opened(company, award.programme).state == "nominating"


def test_nobody_is_judged_where_fewer_than_two_reach_the_floors(company):
    judged_figures(company, n=20, it=20, facilities=10)
    with pytest.raises(DomainError, match="Fewer than two"):
        opened(company)
    assert Award.objects.count() == 0


def test_where_the_figures_decide_the_best_wins_at_once_or_nobody_can_be_told_apart(company):
    award = opened(company, programme_of(company, way="figures"))
    assert outcome(award) == ("decided", "winner", "figures", ["it"])
    Award.objects.all().delete()
    judged = programme_of(company, name="Alike", way="figures", weights={"answered": 1})
    RequestFact.objects.update(response_kept=True)
    assert outcome(opened(company, judged)) == ("decided", "none", "figures", [])


# ── Nominating ───────────────────────────────────────────────────────────────


def test_people_nominate_others_with_a_reason_and_say_it_anew(company):
    award = nominated(company, opened(company))
    services.nominate(by=company.requester, award=award, department=company.it, reason="Always kind.")
    assert list(Nomination.objects.values_list("person", "reason")) == [(company.requester.pk, "Always kind.")]


@pytest.mark.parametrize(
    ("who", "what", "reason", "error"),
    [
        ("agent", "it", "Us", NotAllowed),
        ("admin", "it", "They", NotAllowed),
        ("requester", "it", " ", WrongInput),
        ("agent", "sales", "They ask well", WrongInput),  # does not reach the floors
    ],
)
def test_nominations_that_are_refused(company, who, what, reason, error):
    award = opened(company)
    with pytest.raises(error):
        services.nominate(
            by=getattr(company, who), award=award, department=getattr(company, what), reason=reason
        )  # fmt: skip


def test_nobody_nominates_a_team_of_the_own_department(company):
    award = opened(company)
    team = save_department(by=company.admin, slug="helpdesk", name="Helpdesk", parent=company.it)
    member = make_person("Tina Team", team)
    with pytest.raises(NotAllowed, match="own department"):
        services.nominate(by=member, award=award, department=company.it, reason="Us")


def test_deadlines_are_days_of_the_company(company):
    award = opened(company)
    until = award.nominate_until
    last = datetime(until.year, until.month, until.day, 23, 59, tzinfo=BERLIN)
    services.nominate(by=company.requester, award=award, department=company.it, reason="In time", now=last)
    with pytest.raises(IllegalMove, match="Nominations ended"):
        services.nominate(
            by=company.colleague, award=award, department=company.it, reason="Late", now=last + timedelta(minutes=2)
        )
    assert services.move_on(now=last) == 0
    crowd_of(company.sales, 10)
    assert [services.move_on(now=last + timedelta(minutes=2)) for _twice in range(2)] == [1, 0]
    assert Award.objects.get().state == "voting"
    ends = at_noon(award.vote_until + timedelta(days=1))
    with pytest.raises(IllegalMove, match="The vote ended"):
        services.cast_vote(by=company.requester, award=award, nominee_id=nominee_of(award, company.it), now=ends)
    assert [services.move_on(now=ends) for _twice in range(2)] == [1, 0]
    assert Award.objects.get().state == "decided"


def test_the_task_moves_on_and_may_run_twice(company):
    award = opened(company)
    Award.objects.filter(pk=award.pk).update(nominate_until=today() - timedelta(days=1))
    move_awards_on()
    move_awards_on()
    assert outcome(award)[0] == "voting"
    assert Event.objects.filter(kind="award.vote_opened").count() == 1


# ── Voting ───────────────────────────────────────────────────────────────────


def test_the_most_votes_win(company):
    award = counted(company, {"it": 2, "facilities": 4})
    assert outcome(award) == ("decided", "winner", "vote", ["facilities"])


@pytest.mark.parametrize(("tie", "won"), [("joint", ["facilities", "it"]), ("figures", ["it"])])
def test_equal_votes_follow_the_rule_of_the_programme(company, tie, won):
    award = counted(company, {"it": 3, "facilities": 3}, opened(company, programme_of(company, tie=tie)))
    assert winners(award) == won


def test_with_fewer_than_five_votes_the_figures_decide(company):
    assert outcome(counted(company, {"facilities": 4})) == ("decided", "winner", "few", ["it"])


def test_a_vote_begins_only_where_ten_could_vote(company):
    award = opened(company)
    assert len(list(voters_of(award))) == 10
    Person.objects.filter(pk=company.watcher.pk).update(is_active=False)
    services.take_step(by=company.admin, award=award, name="start_vote")
    assert outcome(award) == ("decided", "winner", "few", ["it"])


@pytest.mark.parametrize(
    ("who", "what", "error"),
    [("agent", "it", NotAllowed), ("admin", "it", NotAllowed), ("executive", "it", NotAllowed)],
)
def test_votes_that_are_refused(company, who, what, error):
    award = voting(company)
    with pytest.raises(error):
        services.cast_vote(
            by=getattr(company, who), award=award, nominee_id=nominee_of(award, getattr(company, what))
        )  # fmt: skip
    assert (Voter.objects.count(), sum(Tally.objects.values_list("votes", flat=True))) == (0, 0)


def test_whoever_has_no_choice_sits_out(company):
    """With two nominated, members of one could only vote for the other: everybody would know."""
    award = opened(company)
    award.nominees.filter(department__slug="award-legal").delete()
    voting(company, award)
    with pytest.raises(NotAllowed, match="no choice"):
        services.cast_vote(by=company.agent, award=award, nominee_id=nominee_of(award, company.facilities))
    assert company.agent.pk not in set(voters_of(award))


def test_nobody_votes_twice_or_for_what_is_not_nominated_and_the_database_holds_it(company):
    award = voting(company)
    services.cast_vote(by=company.requester, award=award, nominee_id=nominee_of(award, company.it))
    with pytest.raises(IllegalMove, match="voted already"):
        services.cast_vote(by=company.requester, award=award, nominee_id=nominee_of(award, company.facilities))
    with pytest.raises(WrongInput):
        services.cast_vote(by=company.colleague, award=award, nominee_id=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Voter.objects.create(award=award, person=company.requester)
    assert Tally.objects.get(nominee__department=company.it).votes == 1


def test_of_a_jury_only_its_members_vote_and_those_of_the_nominated_sit_out(company):
    jury = [*crowd_of(company.sales, 5, "juror"), company.agent]
    award = opened(company, programme_of(company, way="jury", jury=jury))
    services.take_step(by=company.admin, award=award, name="start_vote")
    assert sorted(voters_of(award)) == sorted(one.pk for one in jury[:5])
    for person, words in ((company.requester, "Only the jury"), (company.agent, "sit out")):
        with pytest.raises(NotAllowed, match=words):
            services.cast_vote(by=person, award=award, nominee_id=nominee_of(award, company.facilities))
    for one in jury[:5]:
        services.cast_vote(by=one, award=award, nominee_id=nominee_of(award, company.facilities))
    services.take_step(by=company.admin, award=award, name="count")
    assert outcome(award) == ("decided", "winner", "vote", ["facilities"])


# ── Announcing ───────────────────────────────────────────────────────────────


def test_until_it_is_announced_only_administrators_know_the_outcome(company):
    award = counted(company, {"it": 6})
    pages = {who: award_page(person=getattr(company, who), pk=award.pk, now=timezone.now())
             for who in ("admin", "requester", "executive")}  # fmt: skip
    assert {who: (page.shows_result, len(page.winners)) for who, page in pages.items()} == {
        "admin": (True, 1), "requester": (False, 0), "executive": (False, 0),
    }  # fmt: skip
    assert won_by(company.it).rows == []
    services.take_step(by=company.admin, award=award, name="announce")
    assert [one.department for one in won_by(company.it).rows] == [company.it]


def test_the_scores_of_figures_alone_are_not_told_before_it_is_announced(company):
    award = opened(company, programme_of(company, way="figures"))
    rows = [len(award_page(person=person, pk=award.pk, now=timezone.now()).lines)
            for person in (company.executive, company.admin)]  # fmt: skip
    assert rows == [0, 4]


def test_everybody_is_mailed_who_is_told_to_be(company):
    award = announced(company)
    letters.queue_letters(list(Event.objects.filter(subject_kind="award")))
    to = set(OutgoingMail.objects.filter(kind="award.announced").values_list("person_id", flat=True))
    assert to == set(everybody().values_list("pk", flat=True)) == set(Person.objects.values_list("pk", flat=True))
    letters.queue_letters(list(Event.objects.filter(kind="award.announced")))
    assert OutgoingMail.objects.filter(kind="award.announced").count() == len(to)
    letter = letters.write_letter(OutgoingMail.objects.filter(kind="award.announced").first())
    assert (company.it.name in " ".join(letter.paragraphs), str(award.pk) in letter.link) == (True, True)


def test_heads_are_asked_to_nominate_and_voters_to_vote(company):
    award = voting(company)
    letters.queue_letters(list(Event.objects.filter(subject_kind="award")))
    to = lambda kind: set(OutgoingMail.objects.filter(kind=kind).values_list("person_id", flat=True))  # noqa: E731
    assert to("award.opened") == {company.customer_head.pk, company.supplier_head.pk, company.other_head.pk}
    assert to("award.vote_opened") == set(voters_of(award))


def test_the_certificate_tells_the_day_of_the_company_its_name_and_who_signs(company, monkeypatch, settings):
    settings.COMPANY_NAME = "Nordwind"
    award = announced(company)
    Award.objects.filter(pk=award.pk).update(announced_at=datetime(2026, 3, 1, 0, 30, tzinfo=BERLIN))
    won = Nominee.objects.select_related("award__programme", "department").get(won=True)
    printed = {}
    real = papers.typeset
    monkeypatch.setattr(papers, "typeset", lambda template, content: printed.update(content) or real(template, content))
    name, content = papers.pdf_of(won)
    assert (name, content[:5]) == (f"award-{award.pk}-it.pdf", b"%PDF-")
    assert (printed["day"], printed["company"], printed["signed"]) == ("1 Mar 2026", "Nordwind", company.admin.name)


@pytest.mark.parametrize("state", ["voting", "decided"])
def test_a_cancelled_award_leaves_no_vote_and_no_winner(company, state):
    award = voting(company)
    services.cast_vote(by=company.requester, award=award, nominee_id=nominee_of(award, company.it))
    if state == "decided":
        services.take_step(by=company.admin, award=award, name="count")
    with pytest.raises(WrongInput):
        services.take_step(by=company.admin, award=award, name="cancel")
    services.take_step(by=company.admin, award=award, name="cancel", note="A fault in the figures")
    assert (Voter.objects.count(), Tally.objects.count(), winners(award)) == (0, 0, [])
    assert Award.objects.get().state == CANCELLED


def test_steps_are_for_administrators_and_in_their_order(company):
    award = opened(company)
    with pytest.raises(NotAllowed):
        services.take_step(by=company.supplier_head, award=award, name="start_vote")
    for name in ("count", "announce"):
        with pytest.raises(IllegalMove):
            services.take_step(by=company.admin, award=award, name=name)
    with pytest.raises(DomainError):
        services.take_step(by=company.admin, award=award, name="bribe")


def test_my_desk_tells_who_may_vote_until_they_have_and_who_is_to_announce(company):
    award = voting(company)
    now = timezone.now()
    assert [len(waiting_for(one, now).to_vote) for one in (company.requester, company.agent, company.admin)] == [
        1,
        1,
        0,
    ]
    services.cast_vote(by=company.requester, award=award, nominee_id=nominee_of(award, company.it))
    assert waiting_for(company.requester, now).to_vote == []
    services.take_step(by=company.admin, award=award, name="count")
    assert [len(waiting_for(one, now).to_announce) for one in (company.admin, company.requester)] == [1, 0]


def test_parts_are_read_by_jury_executives_auditors_and_of_the_own_department(company):
    award = opened(company)
    seen = {}
    for who in ("requester", "agent", "stranger", "executive", "auditor", "admin"):
        page = award_page(person=getattr(company, who), pk=award.pk, now=timezone.now())
        seen[who] = (len(page.lines), sorted(line.department.slug for line in page.lines if line.cells))
    three = ["award-legal", "facilities", "it"]
    assert seen == {
        "requester": (1, []), "agent": (4, ["it"]), "stranger": (1, ["facilities"]), "executive": (4, three),
        "auditor": (4, three), "admin": (4, three),
    }  # fmt: skip
