"""A confidential complaint: who reads it, and that nothing else tells of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from feedback.needs.sources import find_source
from feedback.talks.agenda import Voice as AgendaVoice
from feedback.voice import selectors
from feedback.voice.models import Voice
from feedback.voice.services import correct, take_step
from metrics.themes.reading import read_said
from requests_app.events.models import Event
from requests_app.kernel.errors import IllegalMove, WrongInput
from tests.factories import accept
from tests.factories.voices import answered, appealed, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(company, new_request) -> Voice:
    accept(company, new_request)
    return said(company, "complaint", new_request, confidential=True, title="Canary of the quiet kind")


def readers(company, voice) -> set[str]:
    seen = {letter for letter, person in company.by_context.items() if selectors.voices_for(person).filter(pk=voice.pk)}
    for letter, person in company.by_context.items():
        if letter not in seen:
            with pytest.raises(Http404):
                selectors.get_voice(person=person, pk=voice.pk)
    return seen


def test_only_who_complained_the_head_it_is_for_and_the_auditor_read_it(company, secret):
    assert readers(company, secret) == {"RQ", "SH", "AU"}
    Voice.objects.filter(pk=secret.pk).update(owner=company.colleague)
    assert selectors.get_voice(person=company.colleague, pk=secret.pk) == secret


def test_on_appeal_who_decides_reads_it_too(company):
    assert readers(company, appealed(company, confidential=True)) == {"RQ", "SH", "AU", "EX"}


def test_the_name_is_told_to_who_complained_and_the_auditor(company, secret):
    named = {}
    for letter in ("RQ", "SH", "AU"):
        page = selectors.voice_page(person=company.by_context[letter], pk=secret.pk)
        named[letter] = (page.line.author, page.history[0].words)
    hers = (company.requester.name, f"{company.requester.name} said it")
    assert named == {"RQ": hers, "SH": ("", "Somebody said it"), "AU": hers}


def test_no_list_panel_count_or_figure_of_others_tells_of_it(company, secret, new_request, as_browser):
    since, until = timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1)
    assert selectors.said_to([company.it.pk], since, until).complaints == 0
    assert selectors.between(company.supplier_head, company.it, company.sales).rows == []
    assert [text for texts in read_said(timezone.now()).values() for text in texts] == []
    assert AgendaVoice.objects.filter(customer=company.sales).exists() is False
    assert Event.objects.filter(kind="voice.said").values_list("data__customer", "data__request").get() == (None, None)
    for person in (company.customer_head, company.assigned, company.colleague, company.executive):
        client = as_browser(person)
        for address in ("/", "/feedback/voices/", f"/requests/{new_request.number}/", "/relations/it/sales/"):
            assert "Canary" not in client.get(address).content.decode()


def test_its_answer_is_told_to_nobody_else(company):
    voice = answered(company, confidential=True)
    take_step(by=company.requester, voice=voice, name="accept")
    assert selectors.outcomes(company.stranger) == []


def test_it_becomes_no_corrective_action_and_no_need(company, secret):
    page = selectors.voice_page(person=company.supplier_head, pk=secret.pk)
    assert page.may_correct is False
    with pytest.raises(IllegalMove):
        correct(by=company.supplier_head, voice=secret)
    with pytest.raises(WrongInput):
        find_source(person=company.supplier_head, kind="voice", text=str(secret.pk))


def test_only_complaints_are_confidential(company):
    with pytest.raises(WrongInput) as refused:
        said(company, "praise", confidential=True)
    assert list(refused.value.errors) == ["confidential"]
    for kind in ("praise", "complaint"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Voice.objects.filter(pk=said(company, kind).pk).update(confidential=True)


def test_it_is_chosen_when_filing_over_pages_and_api(company, as_browser, as_api):
    typed = {"kind": "complaint", "department": "it", "title": "Quietly", "confidential": "on"}
    assert as_browser(company.requester).post("/feedback/voices/new/", typed).status_code == 302
    assert Voice.objects.get().confidential is True
    wrong = as_browser(company.requester).post("/feedback/voices/new/", typed | {"kind": "praise"})
    assert (wrong.status_code, "Only a complaint can be confidential" in wrong.content.decode()) == (400, True)
    body = {"kind": "complaint", "department": "it", "title": "Quietly", "confidential": True}
    assert as_api(company.requester).post("/api/v1/voices/", body).json()["confidential"] is True
    heads = as_api(company.supplier_head).get("/api/v1/voices/").json()["results"]
    assert [row["author"] for row in heads] == [None, None]
    assert as_api(company.customer_head).get("/api/v1/voices/").json()["results"] == []
