"""The certificate of a winner on paper."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from feedback.awards.days import company_day
from feedback.awards.models import Award, Nominee
from feedback.awards.selectors import rules_of
from feedback.awards.states import How, Outcome
from feedback.awards.wording import stretch_of
from requests_app.events.selectors import events_of
from requests_app.kernel.formats import day
from requests_app.kernel.pdf import typeset
from requests_app.messaging.letters import absolute
from requests_app.org.selectors import names_of


def pdf_of(won: Nominee) -> tuple[str, bytes]:
    """File name and content; days are the company's. DomainError when the server lacks a font for the names in it."""
    award = won.award
    together = award.outcome == Outcome.JOINT
    content = {
        "title": _("Certificate"),
        "company": settings.COMPANY_NAME,
        "author": _("Internal service award"),
        "foot": absolute(reverse("awards:award", args=[award.pk])),
        "name": won.department.name,
        "said": pgettext("certificate", "won, together with others,") if together else pgettext("certificate", "won"),
        "what": award.programme.name,
        "facts": [
            [pgettext("certificate", "For"), stretch_of(award)],
            [_("Criteria"), ", ".join(rule.label for rule in rules_of(award))],
            [_("Decided"), str(How(award.how).label)],
            [_("Number"), f"{award.pk}-{won.pk}"],
        ],
        "day": day(company_day(award.announced_at)) if award.announced_at else "",
        "day_words": _("Announced on"),
        "signed": _announcer(award),
        "signed_as": pgettext("certificate", "For the award"),
        "check": _("How it was decided stands at:"),
    }
    return f"award-{award.pk}-{won.department.slug}.pdf", typeset("feedback/certificate.typ", content)


def _announcer(award: Award) -> str:
    """Who announced it stands for it."""
    by = [event.actor_id for event in events_of("award", award.pk) if event.kind == "award.announced"]
    return "".join(names_of(by).values())
