"""Awards over pages and over the API: the whole way, what stays when it is refused, and how many queries a list asks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback.awards.models import Award, Nominee, Programme, Voter
from feedback.awards.services import take_step
from tests.factories.awards import (
    announced,
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
BASE, API = "/feedback/awards/", "/api/v1/awards/"
TYPED = {"name": "Best", "unit": "department", "way": "staff", "tie": "joint", "fewest_requests": "30",
         "fewest_response": "20", "most_flagged": "5", "weight_kept": "3", "is_active": "on"}  # fmt: skip


def at(name: str, pk: int, *more) -> str:
    return reverse(f"awards:{name}", args=[pk, *more])


def text_of(answer) -> str:
    return answer.content.decode()


def test_the_whole_way_from_a_programme_to_a_certificate(company, as_browser):
    judged_figures(company)
    crowd_of(company.sales, 10)
    admin, requester, agent = (as_browser(one) for one in (company.admin, company.requester, company.agent))
    assert admin.post(f"{BASE}programmes/new/", TYPED).status_code == 302
    day, programme = today(), Programme.objects.get()
    days = {"first": day - timedelta(days=30), "last": day - timedelta(days=1), "nominate_until": day,
            "vote_until": day + timedelta(days=1)}  # fmt: skip
    assert admin.post(at("open", programme.pk), days).status_code == 302
    award = Award.objects.get()
    said = {"department": "it", "reason": "They call back"}
    assert requester.post(at("nominate", award.pk), said).status_code == 302
    assert "They call back" in text_of(agent.get(at("award", award.pk)))
    assert admin.post(at("step", award.pk, "start_vote")).status_code == 302
    assert at("vote", award.pk) in text_of(requester.get("/"))
    assert requester.post(at("vote", award.pk), {"nominee": nominee_of(award, company.it)}).status_code == 302
    page = text_of(requester.get(at("award", award.pk)))
    assert "You have voted. Nobody sees for whom." in page
    assert requester.get(at("vote", award.pk)).status_code == 409
    assert admin.post(at("step", award.pk, "count")).status_code == 302
    assert "It is decided and will be announced soon." in text_of(requester.get(at("award", award.pk)))
    assert admin.post(at("step", award.pk, "announce")).status_code == 302
    won = Nominee.objects.get(won=True)
    pdf = agent.get(at("certificate", won.pk))
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert "Awards won" in text_of(agent.get(reverse("dashboards:supplier", args=["it"])))


def test_what_was_typed_stays_when_it_is_refused(company, as_browser):
    admin = as_browser(company.admin)
    answer = admin.post(f"{BASE}programmes/new/", TYPED | {"weight_kept": "", "text": "For a year"})
    assert (answer.status_code, "Give at least one criterion a weight." in text_of(answer)) == (400, True)
    assert "For a year" in text_of(answer)
    unknown = admin.post(f"{BASE}programmes/new/", TYPED | {"way": "jury", "jury": "nobody@example.test"})
    assert "Nobody has this address: nobody@example.test" in text_of(unknown)
    few = admin.post(f"{BASE}programmes/new/", TYPED | {"way": "jury", "jury": company.requester.email})
    assert "Name at least 5 people" in text_of(few)
    programme = programme_of(company)
    early = admin.post(at("open", programme.pk), {"first": today(), "last": today(), "nominate_until": "never"})
    assert (early.status_code, "Give a day such as" in text_of(early)) == (400, True)


def test_a_nomination_without_a_reason_and_a_cancellation_without_one_are_refused(company, as_browser):
    award = opened(company)
    answer = as_browser(company.requester).post(at("nominate", award.pk), {"department": "it", "reason": " "})
    assert answer.status_code == 400
    admin = as_browser(company.admin)
    refused = admin.post(at("step", award.pk, "cancel"), {"note": ""})
    assert (refused.status_code, "This is needed. Write a few words." in text_of(refused)) == (400, True)
    assert admin.post(at("step", award.pk, "cancel"), {"note": "Wrong days"}).status_code == 302
    assert "This award was cancelled. Wrong days" in " ".join(text_of(admin.get(at("award", award.pk))).split())


def test_one_s_own_department_is_no_choice(company, as_browser):
    award, agent = opened(company), as_browser(company.agent)
    assert 'value="it"' not in text_of(agent.get(at("nominate", award.pk)))
    voting(company, award)
    page = text_of(agent.get(at("vote", award.pk)))
    assert ("IT Services</label>" in page, "Facilities" in page) == (False, True)
    answer = agent.post(at("vote", award.pk), {"nominee": nominee_of(award, company.it)})
    assert (answer.status_code, Voter.objects.count()) == (400, 0)


def test_the_certificate_of_what_is_not_announced_is_not_there(company, as_browser):
    award = opened(company, programme_of(company, way="figures"))
    won = Nominee.objects.get(award=award, won=True)
    assert as_browser(company.admin).get(at("certificate", won.pk)).status_code == 404
    take_step(by=company.admin, award=award, name="announce")
    assert as_browser(company.stranger).get(at("certificate", won.pk)).status_code == 200


def test_partners_know_nothing_of_awards(company, as_browser, as_api):
    award = announced(company)
    company.sales.kind = "partner"
    company.sales.save()
    client = as_browser(company.requester)
    assert client.get(at("award", award.pk)).status_code == 404
    assert "Best service" not in text_of(client.get(BASE))
    assert as_api(company.requester).get(API).json()["results"] == []


def test_over_the_api_an_award_is_given_as_on_the_page(company, as_api):
    admin, requester = as_api(company.admin), as_api(company.requester)
    judged_figures(company)
    crowd_of(company.sales, 10)
    body = {"name": "Best", "weights": [{"criterion": "kept", "weight": 1}, {"criterion": "kept", "weight": 2}]}
    assert admin.post("/api/v1/award-programmes/", body, format="json").json()["errors"].keys() == {"weights"}
    body["weights"].pop()
    made = admin.post("/api/v1/award-programmes/", body, format="json").json()
    assert (made["given_to"], made["fewest_requests"], made["weights"]) == (
        "department", 30, [{"criterion": "kept", "weight": 1}],
    )  # fmt: skip
    day = today()
    days = {"first": str(day - timedelta(days=30)), "last": str(day - timedelta(days=1)), "nominate_until": str(day),
            "vote_until": str(day + timedelta(days=1))}  # fmt: skip
    award = admin.post(API, {"programme": made["id"], **days}, format="json").json()
    places = {one["department"]: one["place"] for one in award["scores"]}
    assert (places["it"], sorted(places), places["sales"]) == (1, ["award-legal", "facilities", "it", "sales"], None)
    path = f"{API}{award['id']}/"
    nominated_there = requester.post(
        f"{path}nominations/", {"department": "it", "reason": "Kind"}, format="json"
    ).json()
    said = {one["department"]: [row["reason"] for row in one["nominations"]] for one in nominated_there["nominees"]}
    assert said["it"] == ["Kind"]
    admin.post(f"{path}steps/", {"step": "start_vote"}, format="json")
    voted = requester.put(f"{path}vote/", {"nominee": nominated_there["nominees"][0]["id"]}, format="json").json()
    assert (voted["has_voted"], voted["may_vote"], voted["outcome"]) == (True, False, None)
    admin.post(f"{path}steps/", {"step": "count"}, format="json")
    assert requester.get(path).json()["winners"] == []
    told = admin.post(f"{path}steps/", {"step": "announce"}, format="json").json()
    assert (told["outcome"], told["how"], [one["department"] for one in told["winners"]]) == ("winner", "few", ["it"])


@pytest.mark.parametrize("path", [BASE, API])
def test_a_list_asks_as_much_for_three_awards_as_for_one(path, company, as_browser, as_api):
    client = as_api(company.requester) if path == API else as_browser(company.requester)
    counts = []
    for name in ("One", "Two", "Three"):
        announced(company, nominated(company, opened(company, programme_of(company, name=name))))
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        counts.append(len(asked))
    assert counts[0] == counts[2]
