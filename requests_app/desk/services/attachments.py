"""Files on a request: judged by content and name, stored under a random key, never run.

The bytes are written before the row, so a row never points at nothing; bytes without a row are swept.
"""

import hashlib
import os
import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.utils.translation import gettext as _

from requests_app.desk.models import Attachment, Message, ServiceRequest
from requests_app.kernel.errors import DomainError, WrongInput
from requests_app.org.models import Person

MOST_FILES = 10
LONGEST_NAME = 200
# Extension → (content type, first bytes it must begin with). What is not here is not stored.
ALLOWED: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    "webp": ("image/webp", (b"RIFF",)),
    "txt": ("text/plain", ()),
    "log": ("text/plain", ()),
    "md": ("text/plain", ()),
    "csv": ("text/csv", ()),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", (b"PK\x03\x04",)),
    "odt": ("application/vnd.oasis.opendocument.text", (b"PK\x03\x04",)),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", (b"PK\x03\x04",)),
    "zip": ("application/zip", (b"PK\x03\x04", b"PK\x05\x06")),
    "eml": ("message/rfc822", ()),
    "msg": ("application/vnd.ms-outlook", (b"\xd0\xcf\x11\xe0",)),
}


def attach_files(
    *,
    by: Person,
    service_request: ServiceRequest,
    files: Iterable[UploadedFile],
    message: Message | None = None,
    internal: bool = False,
) -> list[Attachment]:
    """Store the files on the request, or WrongInput naming the file and what would do. Call in a transaction."""
    about = {"service_request": service_request, "message": message, "internal": internal}
    return Attachment.objects.bulk_create(
        Attachment(uploaded_by=by, **about, **vars(stored)) for stored in store_files(files)
    )


@dataclass(frozen=True)
class Stored:
    """A file that was judged and lies on the disk; the columns of whichever row points at it."""

    name: str
    content_type: str
    size: int
    sha256: str
    storage_key: str


def store_files(files: Iterable[UploadedFile]) -> list[Stored]:
    """Judge all, then store all; WrongInput names the file and what would do. Call in a transaction with the rows.

    A table of another package that keeps such files registers itself with `keep_files_of`, or they are swept.
    """
    files = list(files)
    if len(files) > MOST_FILES:
        raise WrongInput({"files": [_("At most %(n)s files at a time.") % {"n": MOST_FILES}]})
    checked = [(upload, *_judge(upload)) for upload in files]
    rows = []
    for upload, name, content_type in checked:
        key, size, digest = _store(upload)
        rows.append(Stored(name, content_type, size, digest, key))
    return rows


_keepers: list[type[Model]] = [Attachment]


def keep_files_of(model: type[Model]) -> None:
    """Rows of this table point at stored files by `storage_key` too; called while the apps start."""
    if model not in _keepers:
        _keepers.append(model)


def files_data(rows: list[Attachment]) -> dict[str, list[int]]:
    """For the event with which the files came, so that the history shows them there."""
    return {"files": [row.pk for row in rows]} if rows else {}


def path_of(stored: Any) -> Path:
    """Where the bytes lie to which a row points by its `storage_key`."""
    return Path(settings.MEDIA_ROOT) / stored.storage_key[:2] / stored.storage_key


def _judge(upload: UploadedFile) -> tuple[str, str]:
    """The name as shown and the type as served, both from our own list."""
    name = _clean_name(upload.name or "")
    extension = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if extension not in ALLOWED:
        raise WrongInput({"files": [
            _("%(name)s cannot be attached. Kinds that can: %(kinds)s.")
            % {"name": name, "kinds": ", ".join(sorted(ALLOWED))}
        ]})  # fmt: skip
    if upload.size is not None and upload.size > settings.UPLOAD_LIMIT_BYTES:
        raise WrongInput({"files": [
            _("%(name)s is larger than %(n)s MB.") % {"name": name, "n": settings.UPLOAD_LIMIT_BYTES // 1024**2}
        ]})  # fmt: skip
    content_type, beginnings = ALLOWED[extension]
    head = upload.read(16)
    upload.seek(0)
    if beginnings and not head.startswith(beginnings):
        raise WrongInput({"files": [_("%(name)s is not what its name says it is.") % {"name": name}]})
    return name, content_type


def _clean_name(name: str) -> str:
    """The last part of the path, without control or direction marks, short enough to show."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in base if letter.isprintable()).strip(" .")
    if len(kept) > LONGEST_NAME:
        stem, _dot, extension = kept.rpartition(".")
        kept = f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"
    return kept or "file"


def _store(upload: UploadedFile) -> tuple[str, int, str]:
    """Write the bytes to disk for good. If the transaction fails later, `sweep_orphans` removes them."""
    key = secrets.token_hex(20)
    folder = Path(settings.MEDIA_ROOT) / key[:2]
    digest, size = hashlib.sha256(), 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / key).open("xb") as file:
            for chunk in upload.chunks():
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with suppress(OSError):
            (folder / key).unlink()
        full = DomainError(_("The file could not be stored: no space is left. Nothing was filed."), code="no_space")
        full.status = 507
        raise full from error
    return key, size, digest.hexdigest()


def sweep_orphans(*, older_than_seconds: int = 24 * 3600) -> int:
    """Remove bytes that no row points at, left by transactions that failed; how many."""
    removed = 0
    root = Path(settings.MEDIA_ROOT)
    for path in root.glob("??/*"):
        if time.time() - path.stat().st_mtime < older_than_seconds:
            continue
        if not any(keeper._default_manager.filter(storage_key=path.name).exists() for keeper in _keepers):
            path.unlink(missing_ok=True)
            removed += 1
    return removed
