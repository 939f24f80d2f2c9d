"""Redirects, paths, hosts, headers and files: what an outsider tries before looking at any page."""

from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from requests_app.desk.models import Attachment
from requests_app.desk.services.attachments import path_of
from servicedesk.pages.views import home
from tests.api_stage import read_to_the_end
from tests.factories import make_person
from tests.factories.company import PASSWORD
from tests.security.test_canary import LISTS
from tests.security.traces import undone
from tests.security.world import World

pytestmark = pytest.mark.django_db
ELSEWHERE = [
    "//evil.test", "///evil.test", "\\\\evil.test", "/\\evil.test", "https:evil.test", "https:/evil.test",
    "https://evil.test/", "http://testserver@evil.test/", "javascript:alert(1)", "data:text/html,x", "%09//evil.test",
    "\t//evil.test", "/\t/evil.test", "//evil。test", "http:///evil.test", "//testserver.evil.test", " //evil.test",
    "\x00//evil.test", "/%0d%0aLocation:%20https://evil.test",
]  # fmt: skip
HEADERS = {
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}  # fmt: skip
POLICY = ("default-src 'none'", "script-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")


def is_local(location: str) -> bool:
    """As a browser reads it: without blanks around, tabs and line breaks, backslashes for slashes, from the page."""
    read = location.strip().replace("\\", "/").translate(dict.fromkeys(map(ord, "\t\r\n\x00")))
    leads = urlsplit(urljoin("http://testserver/accounts/login/", read))
    return (leads.scheme, leads.netloc) == ("http", "testserver")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_led_to_another_host(target, world: World):
    make_person("Nina Next", world.company.sales)
    signing_in = {"login": "nina.next@example.test", "password": PASSWORD, "next": target}
    reader, agent = world.browser("RQ"), world.browser("AS")
    with undone():
        answers = [
            Client().post("/accounts/login/", signing_in),
            reader.post("/look/theme/", {"theme": "dark", "next": target}),
            reader.post("/i18n/setlang/", {"language": "ru", "next": target}),
            reader.get("/accounts/login/", {"next": target}),
            reader.post("/accounts/logout/", {"next": target}),
            agent.post("/departments/it/queue/bulk/", {"act": "take", "back": target}),
        ]
    for answer in answers:
        assert answer.status_code in (200, 302, 400)
        assert answer.status_code != 302 or is_local(answer["Location"]), answer["Location"]


TRICKS = [
    "/{}", "//{}", "/./{}", "/x/../{}", "/%2e/{}", "/%2e%2e/{}", "/{};x", "/{};.css", "/{}.css", "/{}%2f", "/{}%00",
    "/{}%20", "/{}%3f", "/{}..;/", "/static/../{}", "/static/%2e%2e/{}", "/accounts/login/../../{}", "/{}?x=/health/live",
    "/health/live/../../{}", "/health/live/%2e%2e/%2e%2e/{}",
]  # fmt: skip
INSIDE = [
    "requests/SR-000001/", "requests/", "departments/it/queue/", "settings/people/", "me/", "company/", "health/",
    "search/", "attachments/1/", "services/", "api/v1/requests/", "api/v1/people/", "api/v1/docs/", "api/v1/schema/",
]  # fmt: skip


@pytest.mark.parametrize("inside", INSIDE)
def test_no_way_of_writing_a_path_opens_it_to_a_stranger(inside, world: World):
    for trick in TRICKS:
        path = trick.format(inside)
        status = Client().get(path).status_code
        assert status in (301, 302, 400, 401, 404, 405), f"{path} is {status}"
    for other in (inside.upper(), inside.replace("1", "١"), inside.replace("0", "０"), inside.replace("e", "%65")):
        status = Client().get(f"/{other}").status_code
        assert status in (301, 302, 400, 401, 404), f"{other} is {status}"


def test_digits_of_other_scripts_name_nothing(world: World):
    reader, number = world.browser("RQ"), world.names("RQ", "department", "accepted")["number"]
    assert reader.get(f"/requests/{number}/").status_code == 200
    arabic = number.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    for path in (f"/requests/{arabic}/", f"/requests/{arabic}/rate/", f"/api/v1/requests/{arabic}/", "/attachments/١/"):
        assert reader.get(path).status_code == 404


@pytest.mark.parametrize("headers", [
    {"Remote-User": "ada.admin@example.test"}, {"X-Forwarded-User": "ada.admin@example.test"},
    {"X-Original-URL": "/health/live"}, {"X-Rewrite-URL": "/health/live"}, {"X-Forwarded-For": "127.0.0.1"},
    {"X-HTTP-Method-Override": "GET"}, {"Forwarded": "for=127.0.0.1;host=evil.test"},
    {"Authorization": "Basic YWRhOmFkYQ=="},
])  # fmt: skip
def test_headers_make_nobody_somebody(headers, world: World):
    assert Client().get("/settings/people/", headers=headers).status_code == 302
    assert Client().get("/api/v1/people/", headers=headers).status_code == 401
    assert world.browser("RQ").get("/settings/people/", headers=headers).status_code == 403


def test_a_wrong_host_is_refused_and_gets_into_no_mail(world: World):
    with override_settings(ALLOWED_HOSTS=["desk.example.test"]):
        client, known = Client(), {"Host": "desk.example.test"}
        for host in ("evil.test", "desk.example.test.evil.test", "desk.example.test@evil.test", "evil.test:80", "x y"):
            assert client.get("/accounts/login/", headers={"Host": host}).status_code == 400
            asked = client.post("/accounts/password/reset/", {"email": world.company.requester.email},
                                headers={"Host": host})  # fmt: skip
            assert asked.status_code == 400
        assert mail.outbox == []
        both = known | {"X-Forwarded-Host": "evil.test"}
        client.post("/accounts/password/reset/", {"email": world.company.requester.email}, headers=both)
    assert len(mail.outbox) == 1
    assert "evil.test" not in mail.outbox[0].body


def require_headers(answer, what: str) -> None:
    for name, value in HEADERS.items():
        told = f"{what} ({answer.status_code}): {name} is {answer.headers.get(name)}"
        assert value in answer.headers.get(name, ""), told
    policy = answer.headers.get("Content-Security-Policy", "")
    assert [part for part in POLICY if part not in policy] == [], what
    assert "unsafe" not in policy


def test_every_kind_of_answer_carries_the_headers_that_protect_it(world: World, monkeypatch):
    admin, reader = world.browser("AD"), world.browser("RQ")
    reader.raise_request_exception = False
    number = world.names("RQ", "department", "accepted")["number"]
    answers = {address: admin.get(address) for address in LISTS if not address.startswith("/api/")}
    answers |= {
        "sign-in": Client().get("/accounts/login/"), "redirect": Client().get("/me/"), "live": Client().get("/health/live"),
        "not there": reader.get("/requests/SR-099999/"), "not theirs": reader.get("/settings/people/"),
        "not this way": reader.put("/requests/"), "not right": reader.get("/requests/?status=x"),
        "too large": reader.post(f"/requests/{number}/messages/", {"body": "x" * 2_000_000}),
        "csrf": Client(enforce_csrf_checks=True).post("/accounts/login/", {}), "api 401": Client().get("/api/v1/people/"),
        "api 404": reader.get("/api/v1/nowhere/"), "api 200": reader.get("/api/v1/services/"),
        "api page": reader.get("/api/v1/docs/"),
    }  # fmt: skip
    monkeypatch.setattr(home, "home_page", lambda _person: 1 / 0)
    answers["our fault"] = reader.get("/")
    assert answers["our fault"].status_code == 500
    for what, answer in answers.items():
        require_headers(answer, what)


def test_files_of_the_look_are_not_sniffed_and_nothing_else_is_served_beside_them():
    client = Client()
    answer = client.get("/static/css/base.css")
    read_to_the_end(answer)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for path in ("/static/../manage.py", "/static/%2e%2e/manage.py", "/static/", "/media/", "/files/", "/.git/config",
                 "/static//etc/passwd", "/.env", "/manage.py"):  # fmt: skip
        assert client.get(path).status_code in (301, 302, 400, 404), path


NAMES = [
    "../../../etc/passwd.txt", "..\\..\\boot.txt", "a\x00b.txt", "CON.txt", ".htaccess.txt", "a/b/c.txt", "x" * 300 + ".txt",
    "photo.html.txt", "\u202etxt.exe.txt", 'quote".txt', "a\r\nSet-Cookie: x=1.txt", "; filename=evil.html.txt",
    "имя.txt", "文件.txt", "%2e%2e%2fpasswd.txt", "a;b=c.txt", " .txt",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_file_is_only_a_name(name, world: World):
    number = world.names("RQ", "department", "accepted")["number"]
    with undone():
        upload = SimpleUploadedFile("x.txt", b"hello", content_type="text/html")
        upload._name = name  # as a hostile client would send it, past the cleaning of the class
        posted = world.browser("RQ").post(f"/requests/{number}/messages/", {"body": "See", "files": upload})
        if posted.status_code != 302:
            assert posted.status_code in (400, 413)
            return
        row = Attachment.objects.latest("pk")
        assert path_of(row).resolve().is_relative_to(settings.MEDIA_ROOT.resolve())
        assert path_of(row).name == row.storage_key
        for answer in (world.browser("RQ").get(f"/attachments/{row.pk}/"),
                       world.program("RQ").get(f"/api/v1/attachments/{row.pk}/content/")):  # fmt: skip
            assert read_to_the_end(answer) == b"hello"
            _is_only_a_download(answer)


def _is_only_a_download(answer) -> None:
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "\n" not in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer.headers["Cache-Control"]


SCRIPT = b"<script>window.owned=1</script>"
REFUSED_FILES = [
    ("page.html", SCRIPT), ("image.svg", b"<svg onload='x()'/>"), ("run.php", b"<?php"), ("run.pht", b"<?php"),
    ("page.xhtml", SCRIPT), ("a.exe", b"MZ"), ("a.js", b"x"), ("photo.png", SCRIPT), ("paper.pdf", SCRIPT),
    ("pictures.zip", SCRIPT), ("photo.jpg", b"GIF89a"), ("noextension", b"x"), ("a.txt.html", SCRIPT), (".html", SCRIPT),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content"), REFUSED_FILES)
def test_a_file_that_is_not_what_it_says_is_refused(name, content, world: World):
    number = world.names("RQ", "department", "accepted")["number"]
    before = Attachment.objects.count()
    upload = {"body": "See", "files": SimpleUploadedFile(name, content)}
    assert world.browser("RQ").post(f"/requests/{number}/messages/", upload).status_code == 400
    assert Attachment.objects.count() == before


def test_a_polyglot_is_a_download_like_any_other(world: World):
    number = world.names("RQ", "department", "accepted")["number"]
    with undone():
        both = SimpleUploadedFile("photo.gif", b"GIF89a/*" + SCRIPT + b"*/=1;", content_type="text/html")
        assert (
            world.browser("RQ").post(f"/requests/{number}/messages/", {"body": "x", "files": both}).status_code == 302
        )
        answer = world.browser("RQ").get(f"/attachments/{Attachment.objects.latest('pk').pk}/")
        read_to_the_end(answer)
    assert answer.headers["Content-Type"] == "image/gif"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_no_file_is_there_without_signing_in(world: World):
    file = Attachment.objects.first()
    for path in (f"/attachments/{file.pk}/", f"/media/{file.storage_key}", f"/files/{file.storage_key[:2]}/{file.storage_key}",
                 f"/static/{file.storage_key}", f"/api/v1/attachments/{file.pk}/content/"):  # fmt: skip
        assert Client().get(path).status_code in (302, 401, 404), path


@pytest.mark.parametrize("address", ["email/", "confirm-email/", "3rdparty/", "3rdparty/signup/", "social/signup/",
                                     "oidc/x/login/", "login/code/confirm/"])  # fmt: skip
def test_what_of_signing_in_nobody_needs_is_not_there(address, world: World):
    assert world.browser("RQ").get(f"/accounts/{address}").status_code == 404


def test_nobody_signs_up(world: World):
    before = type(world.company.admin).objects.count()
    answer = Client().post(
        "/accounts/signup/", {"email": "x@example.test", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert answer.status_code in (200, 302, 403)
    assert type(world.company.admin).objects.count() == before
