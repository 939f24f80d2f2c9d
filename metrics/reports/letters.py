"""The mail with a report: made when it is sent, with what its reader may see then."""

from django.http import Http404
from django.utils.translation import gettext as _

from metrics.reports.models import ReportSubscription
from metrics.reports.selectors import address_of, report_on
from metrics.reports.services import KIND
from metrics.reports.states import CONTENT_TYPES, Form
from metrics.reports.writing import file_of
from requests_app.kernel.errors import NotAllowed, WrongInput
from requests_app.messaging.letters import absolute
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Letter, write_with


def write_report(mail: OutgoingMail) -> Letter | None:
    """None when the report was stopped meanwhile, or its reader may not see these figures any more."""
    rows = ReportSubscription.objects.select_related("department")
    found = rows.filter(pk=mail.data.get("subscription"), person_id=mail.person_id).first()
    if found is None:
        return None
    slug = found.department.slug if found.department else ""
    try:
        report = report_on(person=mail.person, subject=found.subject, slug=slug, more=found.more, choice=found.span)
    except (NotAllowed, WrongInput, Http404):  # not theirs any more, or there is no such thing any more
        return None
    name, content = file_of(report, found.form)
    return Letter(
        subject=_("Report: %(title)s") % {"title": report.title},
        paragraphs=(report.lead + ".", _("You asked for it. Stop it on the page of your reports.")),
        link=absolute(address_of(found)),
        link_words=_("Open the figures"),
        files=((name, content, CONTENT_TYPES[Form(found.form)].partition(";")[0]),),
    )


def register() -> None:
    """Called once, while the apps start."""
    write_with(KIND, write_report)
