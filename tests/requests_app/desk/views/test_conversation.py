"""Replies, notes, files and watchers, as pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from requests_app.desk.models import Attachment, Message, ServiceRequest, Watcher
from requests_app.desk.services.attachments import path_of
from requests_app.desk.services.conversation import add_watcher, attach
from requests_app.desk.services.moves import Words, move_request
from tests.factories import close

HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "request"}


def url(row, rest="messages/"):
    return f"/requests/{row.number}/{rest}"


@pytest.fixture
def browser(as_browser, company):
    return lambda who: as_browser(getattr(company, who))


def upload(name="plan.pdf", content=b"%PDF-1.4 content"):
    return SimpleUploadedFile(name, content)


def test_a_reply_leads_to_where_it_stands(browser, new_request):
    response = browser("agent").post(url(new_request), {"body": "Which colour?", "files": [upload(), upload("b.pdf")]})
    message = Message.objects.get()

    assert (response.status_code, response["Location"]) == (302, f"/requests/{new_request.number}/#m{message.pk}")
    assert (message.body, message.internal, message.attachments.count()) == ("Which colour?", False, 2)
    assert f'id="m{message.pk}"' in browser("requester").get(url(new_request, "")).content.decode()


def test_a_note_is_written_in_a_form_of_its_own(browser, new_request):
    page = browser("agent").get(url(new_request, "")).content.decode()
    assert page.count('<input type="hidden" name="internal" value="1">') == 1
    assert "Internal note — only IT Services reads this" in page
    browser("agent").post(url(new_request), {"body": "Between us", "internal": "1"})

    assert Message.objects.get().internal is True
    assert b"Between us" in browser("supplier_head").get(url(new_request, "")).content
    for who in ("requester", "customer_head", "colleague"):
        assert b"Between us" not in browser(who).get(url(new_request, "")).content
    assert b"Internal note" not in browser("requester").get(url(new_request, "")).content


def test_the_asking_side_cannot_write_notes(browser, new_request):
    response = browser("requester").post(url(new_request), {"body": "Between us", "internal": "1"})
    assert (response.status_code, Message.objects.count()) == (403, 0)


def test_an_answer_ends_the_waiting(browser, company, accepted_request):
    move_request(
        by=company.assigned, service_request=accepted_request, action="hold", words=Words(hold_reason="customer")
    )
    browser("requester").post(url(accepted_request), {"body": "Grey"})
    assert ServiceRequest.objects.get(pk=accepted_request.pk).status == "in_progress"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"body": ""}, "Fill this in."),
        ({"body": "   "}, "Fill this in."),
        ({"body": "a\x00b"}, "a character that cannot be kept"),
        ({"body": "x" * 20_001}, "at most 20000 characters"),
    ],
)
def test_what_cannot_be_said_is_refused_in_place(browser, new_request, data, says):
    response = browser("agent").post(url(new_request), data)
    assert (response.status_code, Message.objects.count()) == (400, 0)
    assert says in response.content.decode()


def test_refused_words_are_kept_in_the_form_they_were_written_in(browser, new_request):
    data = {"body": "Kept words", "internal": "1", "files": upload("tool.exe", b"MZ")}
    page = browser("agent").post(url(new_request), data).content.decode()

    reply, note = page.split('name="internal"')
    assert "Kept words" in note
    assert "Kept words" not in reply
    assert "tool.exe cannot be attached" in note
    assert 'value="note" checked' in page


def test_htmx_gets_the_region_with_the_new_message(browser, new_request):
    response = browser("agent").post(url(new_request), {"body": "Which colour?"}, **HTMX)
    assert (response.status_code, response["HX-Retarget"]) == (200, "#request")
    assert b"Which colour?" in response.content


def test_opening_the_address_of_messages_leads_to_the_request(browser, new_request):
    assert browser("agent").get(url(new_request))["Location"] == f"/requests/{new_request.number}/"


def test_nobody_writes_on_what_ended_long_ago(browser, company, closed_request):
    ended = closed_request.closed_at.replace(year=closed_request.closed_at.year - 1)
    ServiceRequest.objects.filter(pk=closed_request.pk).update(closed_at=ended)
    assert browser("requester").post(url(closed_request), {"body": "Hello"}).status_code == 403
    assert b'id="write"' not in browser("requester").get(url(closed_request, "")).content


# ── Files ──


def stored(company, row, *, internal=False, name="plan.pdf", content=b"%PDF-1.4 content"):
    return attach(by=company.agent, service_request=row, files=[upload(name, content)], internal=internal)[0]


def test_a_file_is_saved_never_run(browser, company, new_request):
    file = stored(company, new_request, name="план <b>.txt", content=b"<script>alert(1)</script>")
    response = browser("requester").get(f"/attachments/{file.pk}/")

    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert response["Content-Type"] == "text/plain"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cache-Control"] == "private, no-store"


def test_files_follow_the_request_and_internal_ones_stay_inside(browser, as_browser, company, new_request):
    public, internal = stored(company, new_request), stored(company, new_request, internal=True)
    for who, file, status in [
        ("requester", public, 200), ("supplier_head", internal, 200), ("requester", internal, 404),
        ("stranger", public, 404), ("other_agent", internal, 404),
    ]:  # fmt: skip
        response = browser(who).get(f"/attachments/{file.pk}/")
        assert response.status_code == status
        b"".join(response)  # read to the end, the file is closed
    assert as_browser().get(f"/attachments/{public.pk}/").status_code == 302
    assert browser("requester").get(f"/attachments/{public.pk + 99}/").status_code == 404
    assert browser("requester").get(f"/attachments/{'9' * 30}/").status_code == 404


def test_a_file_that_is_gone_from_the_disk_is_not_found(browser, company, new_request):
    file = stored(company, new_request)
    path_of(file).unlink()
    assert browser("requester").get(f"/attachments/{file.pk}/").status_code == 404


# ── Watchers ──


def test_somebody_reads_along_and_stops(browser, company, new_request):
    data = {"email": company.watcher.email.upper()}
    response = browser("requester").post(url(new_request, "watchers/"), data)
    assert (response.status_code, Watcher.objects.get().person) == (302, company.watcher)
    page = browser("requester").get(url(new_request, "")).content.decode()
    assert "Wanda Watcher" in page

    browser("requester").post(url(new_request, "watchers/remove/"), data)
    assert Watcher.objects.count() == 0


@pytest.mark.parametrize(
    ("email", "says"),
    [
        ("nobody@example.test", "Nobody here has this address."),
        ("not an address", "Give an e-mail address such as name@example.com."),
        ("", "Give an e-mail address."),
        ("a\x00@example.test", "a character that cannot be kept"),
    ],
)
@pytest.mark.parametrize("rest", ["watchers/", "watchers/remove/"])
def test_an_unknown_address_is_said_to_be_one(browser, new_request, email, says, rest):
    response = browser("requester").post(url(new_request, rest), {"email": email})
    assert (response.status_code, says in response.content.decode()) == (400, True)


def test_only_some_may_let_others_in_or_out(browser, company, new_request):
    data = {"email": company.watcher.email}
    assert browser("colleague").post(url(new_request, "watchers/"), data).status_code == 403
    add_watcher(by=company.requester, service_request=new_request, person=company.watcher)
    assert browser("agent").post(url(new_request, "watchers/remove/"), data).status_code == 403


def test_addresses_are_suggested_by_name(browser, as_browser, company):
    def suggested(who, **query):
        return browser(who).get("/people/suggestions/", query).content.decode()

    page = suggested("requester", email="wan")
    assert page.strip() == '<option value="wanda.watcher@example.test">Wanda Watcher, Facilities</option>'
    assert suggested("requester", on_behalf_of="cora c").count("<option") == 1
    for typed in ("w", "", "\x00", "%%%", "'\""):
        assert suggested("requester", q=typed).strip() == ""
    assert as_browser().get("/people/suggestions/", {"q": "wanda"}).status_code == 302


def test_the_page_of_a_closed_request_still_takes_words(browser, company, new_request):
    close(company, new_request)
    assert browser("requester").post(url(new_request), {"body": "Thank you"}).status_code == 302
    assert Attachment.objects.count() == 0
