"""The certificate on paper, and the link by which anybody signed in sees that it is genuine."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from feedback.training.models import Certificate
from requests_app.kernel.formats import day
from requests_app.kernel.pdf import typeset
from requests_app.messaging.letters import absolute

SALT = "feedback.training.certificate"


def _said(certificate: Certificate) -> str:
    """What the signature vouches for: whose it is, of what, until when."""
    return f"{certificate.pk}.{certificate.person_id}.{certificate.course_id}.{certificate.valid_until.isoformat()}"


def signature_of(certificate: Certificate) -> str:
    return signing.Signer(salt=SALT).signature(_said(certificate))


def is_genuine(certificate: Certificate, signature: str) -> bool:
    """Whether the signature is ours; also by a key that was replaced but is still accepted."""
    try:
        signing.Signer(salt=SALT).unsign(f"{_said(certificate)}:{signature}")
    except signing.BadSignature:
        return False
    return True


def check_path(certificate: Certificate) -> str:
    return reverse("training:check", args=[certificate.pk, signature_of(certificate)])


def pdf_of(certificate: Certificate) -> tuple[str, bytes]:
    """File name and content. DomainError when the server lacks a font for the names in it."""
    content = {
        "title": _("Certificate"),
        "company": settings.COMPANY_NAME,
        "author": certificate.course.department.name,
        "foot": absolute(check_path(certificate)),
        "name": certificate.person.name,
        "said": _("took part in the training and passed its test")
        if certificate.signup.attempts.exists()
        else _("took part in the training"),
        "what": certificate.name,
        "facts": [
            [_("Held by"), certificate.course.department.name],
            [_("Attended on"), day(certificate.attended_on)],
            [_("Hours"), str(certificate.hours)],
            [_("Valid until"), day(certificate.valid_until)],
            [_("Number"), str(certificate.pk)],
        ],
        "day": day(timezone.localdate(certificate.issued_at, ZoneInfo(settings.COMPANY_TIME_ZONE))),
        "day_words": _("Day of issue"),
        "signed": certificate.signup.session.trainer.name,
        "signed_as": pgettext("certificate", "Trainer"),
        "check": _("Whether this is genuine, and still valid, shows at:"),
    }
    return f"certificate-{certificate.pk}.pdf", typeset("feedback/certificate.typ", content)
