"""Pages and API of absences, hours and logged work, as forms are typed."""

from datetime import date

import pytest
from django.utils import timezone

from requests_app.capacity.models import Absence, ContractHours
from requests_app.desk.models import WorkLog
from tests.factories.capacity import away

DAYS = {"kind": "leave", "first": "2027-01-04", "last": "2027-01-08"}


def test_i_enter_my_absence_and_withdraw_it(company, as_browser):
    me = as_browser(company.agent)
    assert me.post("/capacity/absences/", DAYS).status_code == 302
    absence = Absence.objects.get()
    assert absence.person == company.agent
    assert me.post(f"/capacity/absences/{absence.pk}/withdraw/").status_code == 302
    assert Absence.objects.count() == 0


def test_what_is_wrong_is_told_and_what_was_typed_is_kept(company, as_browser):
    answer = as_browser(company.agent).post("/capacity/absences/", DAYS | {"last": "2027-01-01"})

    assert answer.status_code == 400
    text = answer.content.decode()
    assert "The last day lies before the first." in text
    assert 'value="2027-01-04"' in text


def test_the_head_sees_hours_and_absences_of_the_team(company, as_browser):
    away(company)
    head = as_browser(company.supplier_head)
    answer = head.post("/capacity/departments/it/hours/", {"person": company.agent.email, "hours": "20.5"})

    assert answer.status_code == 302
    assert ContractHours.objects.values_list("minutes", "since").get() == (1230, timezone.localdate())
    text = head.get("/capacity/departments/it/").content.decode()
    assert "20.5" in text
    assert "March 1, 2027" in text or "1 March 2027" in text


def test_wrong_hours_are_refused_in_place(company, as_browser):
    answer = as_browser(company.supplier_head).post(
        "/capacity/departments/it/hours/", {"person": company.agent.email, "hours": "200"}
    )
    assert answer.status_code == 400
    assert ContractHours.objects.count() == 0


@pytest.mark.parametrize("more", [0, 2])
def test_the_page_of_the_head_takes_a_fixed_number_of_queries(company, as_browser, django_assert_max_num_queries, more):
    for number in range(more):
        away(company, first=date(2027, 4, 1 + number), last=date(2027, 4, 1 + number))
    client = as_browser(company.supplier_head)
    client.get("/capacity/departments/it/")
    with django_assert_max_num_queries(18):
        client.get("/capacity/departments/it/")


def test_the_agent_logs_time_by_the_form_and_takes_it_back(company, new_request, as_browser):
    me, url = as_browser(company.agent), f"/requests/{new_request.number}/work/"
    assert me.post(url, {"minutes": "25", "note": "Called"})["Location"] == f"/requests/{new_request.number}/#work"
    log = WorkLog.objects.get()
    assert "Called" in me.get(f"/requests/{new_request.number}/").content.decode()
    assert me.post(url, {"log": log.pk, "minutes": "0"}).status_code == 302
    assert "Called" not in me.get(f"/requests/{new_request.number}/").content.decode()


def test_wrong_minutes_are_told_and_kept(company, new_request, as_browser):
    answer = as_browser(company.agent).post(
        f"/requests/{new_request.number}/work/", {"minutes": "5000", "note": "Long"}
    )

    assert answer.status_code == 400
    text = answer.content.decode()
    assert "from 1 to 1440" in text
    assert 'value="5000"' in text
    assert 'value="Long"' in text


def test_the_asking_side_sees_none_of_it(company, new_request, as_browser, as_api):
    as_browser(company.agent).post(f"/requests/{new_request.number}/work/", {"minutes": "25", "note": "Called"})

    assert "Time spent" not in as_browser(company.requester).get(f"/requests/{new_request.number}/").content.decode()
    assert as_api(company.requester).get(f"/api/v1/requests/{new_request.number}/worklogs/").status_code == 404
    events = as_api(company.requester).get(f"/api/v1/requests/{new_request.number}/events/").json()["results"]
    assert [event["kind"] for event in events] == ["request.filed"]


def test_over_the_api_an_entry_is_corrected_by_its_id(company, new_request, as_api):
    me, url = as_api(company.agent), f"/api/v1/requests/{new_request.number}/worklogs/"
    first = me.post(url, {"minutes": 30, "note": "Set up"}).json()
    second = me.post(url, {"minutes": 20, "corrects": first["results"][0]["id"]})

    assert (first["minutes"], second.status_code, second.json()["minutes"]) == (30, 201, 20)
    assert second.json()["results"][0]["corrected"] is True
    assert me.post(url, {"minutes": 20, "corrects": 10**9}).status_code == 404
