"""The certificate of a winner on paper."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from feedback.awards.days import company_day
from feedback.awards.models import Nominee
from feedback.awards.selectors import rules_of
from feedback.awards.states import How, Outcome
from feedback.awards.wording import stretch_of
from requests_app.kernel.formats import day
from requests_app.kernel.pdf import typeset
from requests_app.messaging.letters import absolute


def pdf_of(won: Nominee) -> tuple[str, bytes]:
    """File name and content; days are the company's. DomainError when the server lacks a font for the names in it."""
    award = won.award
    together = award.outcome == Outcome.JOINT
    content = {
        "title": _("Certificate"),
        "author": _("Internal service award"),
        "foot": absolute(reverse("awards:award", args=[award.pk])),
        "name": won.department.name,
        "said": pgettext("certificate", "won, together with others,") if together else pgettext("certificate", "won"),
        "award": award.programme.name,
        "facts": [
            [_("For"), stretch_of(award)],
            [_("Criteria"), ", ".join(rule.label for rule in rules_of(award))],
            [_("Decided"), str(How(award.how).label)],
            [_("Announced on"), day(company_day(award.announced_at)) if award.announced_at else ""],
            [_("Number"), f"{award.pk}-{won.pk}"],
        ],
        "check": _("How it was decided stands at:"),
    }
    return f"award-{award.pk}-{won.department.slug}.pdf", typeset("feedback/awards/certificate.typ", content)
