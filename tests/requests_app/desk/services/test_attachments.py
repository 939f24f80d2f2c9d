"""Files are judged by name and content, kept under a random key, and swept when nothing points at them."""

import os
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from requests_app.desk.models import Attachment
from requests_app.desk.services.attachments import attach_files, path_of, sweep_orphans
from requests_app.kernel.errors import DomainError, WrongInput


@pytest.fixture(autouse=True)
def files_of_their_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def attach(company, service_request, *files):
    return attach_files(by=company.requester, service_request=service_request, files=files)


def test_the_bytes_lie_under_a_random_key_with_their_hash(company, new_request, tmp_path):
    (row,) = attach(company, new_request, SimpleUploadedFile("plan.pdf", b"%PDF-1.7"))

    assert path_of(row).read_bytes() == b"%PDF-1.7"
    assert path_of(row).is_relative_to(tmp_path)
    assert "plan" not in str(path_of(row))
    assert (row.content_type, row.size, len(row.sha256)) == ("application/pdf", 8, 64)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../etc/passwd.txt", "passwd.txt"),
        ("C:\\temp\\notes.txt", "notes.txt"),
        ("a\u202etxt.exe.txt", "atxt.exe.txt"),
        ("line\nbreak.txt", "linebreak.txt"),
        ("x" * 300 + ".txt", "x" * 196 + ".txt"),
        (" .hidden.txt", "hidden.txt"),
        ("план 打印.txt", "план 打印.txt"),
    ],
)
def test_a_name_is_shown_but_never_a_path(company, new_request, name, shown):
    upload = SimpleUploadedFile("x.txt", b"x")
    upload._name = name

    (row,) = attach(company, new_request, upload)

    assert row.name == shown


@pytest.mark.parametrize("name", ["run.exe", "page.html", "page.svg", "script.js", "noextension", "a.pht", ""])
def test_kinds_of_file_that_could_run_are_refused_by_name(company, new_request, name):
    upload = SimpleUploadedFile("x.txt", b"x")
    upload._name = name
    with pytest.raises(WrongInput, match=r"cannot be attached\. Kinds that can: csv"):
        attach(company, new_request, upload)


def test_a_file_that_is_not_what_its_name_says_is_refused(company, new_request):
    with pytest.raises(WrongInput, match="not what its name says"):
        attach(company, new_request, SimpleUploadedFile("photo.png", b"<html><script>"))


def test_a_file_too_large_is_refused(company, new_request, settings):
    settings.UPLOAD_LIMIT_BYTES = 1024**2
    with pytest.raises(WrongInput, match="larger than 1 MB"):
        attach(company, new_request, SimpleUploadedFile("a.txt", b"x" * (1024**2 + 1)))


def test_at_most_ten_files_at_a_time_and_one_bad_file_keeps_none(company, new_request):
    with pytest.raises(WrongInput, match="At most 10"):
        attach(company, new_request, *[SimpleUploadedFile(f"{n}.txt", b"x") for n in range(11)])
    with pytest.raises(WrongInput):
        attach(company, new_request, SimpleUploadedFile("a.txt", b"x"), SimpleUploadedFile("b.exe", b"x"))
    assert Attachment.objects.count() == 0


def test_a_full_disk_is_said_and_leaves_nothing(company, new_request, settings, tmp_path):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    settings.MEDIA_ROOT = blocked
    with pytest.raises(DomainError) as refusal:
        attach(company, new_request, SimpleUploadedFile("a.txt", b"x"))
    assert (refusal.value.status, refusal.value.code) == (507, "no_space")
    assert Attachment.objects.count() == 0


def test_old_bytes_without_a_row_are_swept(company, new_request, tmp_path):
    (row,) = attach(company, new_request, SimpleUploadedFile("a.txt", b"x"))
    (tmp_path / "ab").mkdir()
    orphan, young = tmp_path / "ab" / "orphan", tmp_path / "ab" / "young"
    for path in (orphan, young):
        path.write_bytes(b"x")
    long_ago = time.time() - 2 * 24 * 3600
    for path in (orphan, path_of(row)):
        os.utime(path, (long_ago, long_ago))

    assert sweep_orphans() == 1
    assert (orphan.exists(), young.exists(), path_of(row).exists()) == (False, True, True)
