"""A POST that may be sent again: the same Idempotency-Key gets the same answer, and the effect happens once."""

import hashlib
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from requests_app.events.services import answer_once, keep_answer
from requests_app.kernel.errors import WrongInput

KEY = re.compile(r"[!-~]{1,200}")
KEPT_HEADERS = ("Location", "ETag")


def once(handler: Callable[..., Response]) -> Callable[..., Response]:
    """Honour Idempotency-Key: the key, the effect and the answer are kept in one transaction, or none of them.

    Refusals are not kept: what was wrong can be put right and sent under the same key.
    """

    @wraps(handler)
    def answer(view, request: Request, *args, **kwargs) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return handler(view, request, *args, **kwargs)
        if not KEY.fullmatch(key):
            raise WrongInput({"Idempotency-Key": [_("Send 1 to 200 visible ASCII characters, without blanks.")]})
        fingerprint = fingerprint_of(request)
        with transaction.atomic():
            row = answer_once(person_id=request.user.pk, key=key, fingerprint=fingerprint)
            if row.status is not None:
                return _again(row.status, row.answer)
            response = handler(view, request, *args, **kwargs)
            headers = {name: response[name] for name in KEPT_HEADERS if name in response}
            body = getattr(response, "kept", response.data)  # a secret is answered once and kept nowhere
            plain = json.loads(JSONRenderer().render(body))  # as it is sent, so that it is sent alike again
            keep_answer(row, status=response.status_code, answer={"body": plain, "headers": headers})
            return response

    return answer


def _again(status: int, kept: dict[str, Any]) -> Response:
    return Response(kept["body"], status=status, headers=kept["headers"] | {"Idempotent-Replayed": "true"})


def fingerprint_of(request: Request) -> str:
    """What was asked: method, address and body; of files their name and content."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    plain = dict(request.data.lists()) if hasattr(request.data, "lists") else request.data
    digest.update(json.dumps(plain, sort_keys=True, default=_file_digest).encode())
    return digest.hexdigest()


def _file_digest(upload: UploadedFile) -> list[str]:
    content = hashlib.sha256()
    for chunk in upload.chunks():
        content.update(chunk)
    upload.seek(0)
    return [upload.name or "", content.hexdigest()]
