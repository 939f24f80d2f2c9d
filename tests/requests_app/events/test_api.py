"""Idempotency-Key, on a POST that files a request."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from requests_app.desk.models import ServiceRequest
from requests_app.events.models import IdempotencyKey
from tests.api_calls import FILING
from tests.api_stage import text_file

ADDRESS = "/api/v1/requests/"


def post(client, key: str, body=FILING):
    return client.post(ADDRESS, body, headers={"Idempotency-Key": key})


@pytest.mark.django_db
class TestOneCaller:
    def test_the_same_key_is_answered_again_and_done_once(self, company, as_api):
        client = as_api(company.requester)

        first, second = post(client, "one"), post(client, "one")

        assert (first.status_code, second.status_code) == (201, 201)
        assert second.json() == first.json()
        assert (second["Location"], second["ETag"]) == (first["Location"], first["ETag"])
        assert ("Idempotent-Replayed" in first, second["Idempotent-Replayed"]) == (False, "true")
        assert ServiceRequest.objects.count() == 1

    def test_another_body_or_address_under_the_same_key_is_refused(self, company, as_api):
        client = as_api(company.requester)
        filed = post(client, "one")

        other_body = post(client, "one", FILING | {"title": "Another"})
        other_address = client.post(filed.data["links"]["messages"], {"body": "x"}, headers={"Idempotency-Key": "one"})

        assert (other_body.status_code, other_body.json()["code"]) == (422, "idempotency_mismatch")
        assert other_address.status_code == 422
        assert ServiceRequest.objects.count() == 1

    def test_keys_belong_to_whoever_sends_them(self, company, as_api):
        numbers = {post(as_api(person), "one").data["number"] for person in (company.requester, company.colleague)}
        assert len(numbers) == 2

    def test_without_a_key_twice_is_two(self, company, as_api):
        client = as_api(company.requester)
        client.post(ADDRESS, FILING)
        client.post(ADDRESS, FILING)
        assert ServiceRequest.objects.count() == 2

    def test_a_refusal_is_not_kept_so_what_was_wrong_can_be_put_right(self, company, as_api):
        client = as_api(company.requester)

        assert post(client, "one", FILING | {"urgency": 9}).status_code == 400
        assert IdempotencyKey.objects.count() == 0
        assert post(client, "one").status_code == 201

    @pytest.mark.parametrize("key", ["a b", "x" * 201, "ключ", ""])
    def test_a_key_that_cannot_be_kept_is_refused(self, company, as_api, key):
        answer = post(as_api(company.requester), key)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Idempotency-Key"])

    def test_files_are_compared_by_their_content(self, company, as_api, new_request):
        client = as_api(company.requester)

        def attach(content: bytes):
            body = {"files": [text_file(content=content)]}
            address = f"{ADDRESS}{new_request.number}/attachments/"
            return client.post(address, body, format="multipart", headers={"Idempotency-Key": "file"})

        first, again, other = attach(b"one"), attach(b"one"), attach(b"two")

        assert (first.status_code, again.json(), other.status_code) == (201, first.json(), 422)
        assert new_request.attachments.count() == 1

    def test_a_secret_is_answered_once_and_kept_nowhere(self, company, as_api):
        client = as_api(company.requester)

        def create():
            return client.post("/api/v1/tokens/", {"name": "x"}, headers={"Idempotency-Key": "t"})

        first, again = create(), create()

        assert first.json()["token"].startswith("sd_")
        assert first.json()["token"] not in str(IdempotencyKey.objects.get().answer)
        assert again.json() == {key: value for key, value in first.json().items() if key != "token"}


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_with_one_key_file_one_request_and_hear_the_same(company, as_api):
    clients = [as_api(company.requester) for _ in range(10)]
    together = Barrier(len(clients))

    def file(client):
        try:
            together.wait()
            return post(client, "one")
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as threads:
        answers = list(threads.map(file, clients))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert ServiceRequest.objects.count() == 1
