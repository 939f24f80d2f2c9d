"""Coming to an agreement over HTTP."""

import pytest

from requests_app.agreements.models import Agreement

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/agreements/"
TARGETS = {"response": {"1": 3600}, "resolution": {"1": 14400, "5": {"days": 5}}}
DRAFT = {"supplier": "it", "customer": "sales", "targets": TARGETS}


@pytest.fixture
def heads(company, as_api):
    return as_api(company.supplier_head), as_api(company.customer_head)


@pytest.fixture
def address(heads) -> str:
    made = heads[0].post(ADDRESS, DRAFT)
    assert made.status_code == 201, made.data
    return f"{ADDRESS}{made.data['id']}/"


def test_two_heads_negotiate_and_sign(heads, address):
    supplier, customer = heads
    assert customer.get(address).status_code == 404  # a draft is its own side's
    proposed = supplier.post(f"{address}propose/", {"note": "As agreed on Monday."})
    assert (proposed.status_code, proposed.data["status"], proposed.data["round"]) == (200, "proposed", 1)

    countered = customer.post(
        f"{address}counter/", {"round": 1, "price": "rate card A", "targets": TARGETS | {"response": {"1": 1800}}}
    )
    assert (countered.data["status"], countered.data["round"], countered.data["price"]) == (
        "countered", 2, "rate card A",
    )  # fmt: skip
    assert countered.data["targets"]["resolution"] == TARGETS["resolution"]

    signed = supplier.post(f"{address}sign/", {"round": 2})
    assert (signed.status_code, signed.data["status"], signed.data["version"]) == (200, "in_force", 1)
    assert sorted(row["side"] for row in signed.data["signatures"]) == ["customer", "supplier"]
    assert len({row["digest"] for row in signed.data["signatures"]}) == 1


def test_what_is_in_force_ends_with_a_reason(heads, address):
    supplier, customer = heads
    supplier.post(f"{address}propose/", {})
    customer.post(f"{address}sign/", {})

    assert customer.post(f"{address}end/", {}).data["errors"].keys() == {"reason"}
    ended = customer.post(f"{address}end/", {"reason": "We merge."})
    assert (ended.status_code, ended.data["status"]) == (200, "ended")
    again = customer.post(f"{address}end/", {"reason": "We merge."})
    assert (again.status_code, again.data["code"]) == (409, "illegal_move")


def test_a_proposal_is_found_by_its_status(heads, address):
    supplier, customer = heads
    supplier.post(f"{address}propose/", {})
    assert [row["status"] for row in customer.get(ADDRESS, {"status": "proposed"}).data["results"]] == ["proposed"]
    assert customer.get(ADDRESS, {"status": "draft"}).data["results"] == []
    assert all(row["status"] == "in_force" for row in customer.get(ADDRESS).data["results"])


def test_a_draft_is_replaced_by_its_own_side(heads, address):
    supplier, _customer = heads
    changed = supplier.put(address, {"targets": {"resolution": {"2": {"days": 3}}}, "quality": "No scratches."})
    assert (changed.status_code, changed.data["status"], changed.data["quality"]) == (200, "draft", "No scratches.")
    assert changed.data["targets"] == {"resolution": {"2": {"days": 3}}}


def test_signing_what_changed_meanwhile_is_refused(heads, address):
    supplier, customer = heads
    supplier.post(f"{address}propose/", {})
    customer.post(f"{address}counter/", {"price": "free"})
    refused = supplier.post(f"{address}sign/", {"round": 1})
    assert (refused.status_code, refused.data["code"]) == (412, "stale")


def test_the_same_key_signs_once(heads, address):
    supplier, customer = heads
    supplier.post(f"{address}propose/", {})
    answers = [customer.post(f"{address}sign/", {}, headers={"Idempotency-Key": "once-only-1"}) for _try in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].data["id"] == answers[1].data["id"]


@pytest.mark.parametrize("verb", ["propose", "counter", "sign", "withdraw", "end"])
@pytest.mark.parametrize("who", ["stranger", "requester", "other_head"])
def test_a_draft_does_not_exist_for_anybody_else(company, as_api, address, who, verb):
    assert as_api(getattr(company, who)).post(f"{address}{verb}/", {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("verb", ["counter", "sign", "withdraw"])
def test_who_may_read_a_proposal_but_does_not_lead_is_told_who_does(company, as_api, heads, address, verb):
    heads[0].post(f"{address}propose/", {})
    refused = as_api(company.executive).post(f"{address}{verb}/", {"reason": "x"} if verb == "withdraw" else {})
    assert (refused.status_code, refused.data["code"]) == (403, "not_allowed")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"targets": {"response": {"1": {"days": 0}}}}, "targets.response.1"),
        ({"targets": {"response": {"1": {"weeks": 1}}}}, "targets.response.1"),
        ({"targets": {"response": {"1": "4 h"}}}, "targets.response.1"),
        ({"escalations": [{"percent": 0, "measure": "response", "step": "notify"}]}, "escalations.0.percent"),
        ({"escalations": [{"percent": 50, "measure": "response", "step": "explode"}]}, "escalations.0.step"),
        ({"calendar": "nowhere"}, "calendar"),
        ({"reopening": "never"}, "reopening"),
        ({"life": "signed"}, "life"),
        ({"version": 9}, "version"),
    ],
)
def test_a_wrong_draft_is_refused_by_field(heads, body, field):
    refused = heads[0].post(ADDRESS, DRAFT | body)
    assert (refused.status_code, list(refused.data["errors"])) == (400, [field])
    assert Agreement.objects.filter(life="draft").count() == 0
