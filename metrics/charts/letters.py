"""Mail about a signal on a chart: to the heads of the department, who answer for it."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.charts.drawing import headline
from metrics.charts.models import Chart, Signal
from metrics.charts.selectors import chart_of
from metrics.charts.states import SignalState
from metrics.charts.waiting import address_of
from metrics.rollups.definitions import DEFINITIONS
from requests_app.events.models import Event
from requests_app.kernel.errors import DomainError
from requests_app.messaging.letters import absolute
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Letter, write_with
from requests_app.messaging.selectors import heads_of
from requests_app.messaging.services import mail_row, queue_all
from requests_app.messaging.states import NEWS_DAYS

KIND = "chart.signalled"


def queue_letters(events: list[Event]) -> None:
    """One mail for each head and signal; safe to run twice."""
    oldest = timezone.now() - timedelta(days=NEWS_DAYS)
    queue_all(
        mail_row(KIND, person_id, f"{KIND}:{event.pk}:{person_id}", None, {"event": event.pk})
        for event in events
        if event.at >= oldest
        for person_id in sorted(heads_of(event.data["department"]))
    )


def write_letter(mail: OutgoingMail) -> Letter | None:
    """None when the signal has been answered, is not there any more, or is not for this reader."""
    event = Event.objects.filter(pk=mail.data.get("event")).first()
    rows = Chart.objects.select_related("department", "other", "service")
    chart = rows.filter(pk=event.subject_id).first() if event else None
    if event is None or chart is None:
        return None
    week, rule = date.fromisoformat(event.data["week"]), event.data["rule"]
    if Signal.objects.filter(chart=chart, week=week, rule=rule).exclude(state=SignalState.OPEN).exists():
        return None
    try:
        page = chart_of(
            person=mail.person, slug=chart.department.slug, figure=chart.figure, side=chart.side,
            other=chart.other.slug if chart.other else "", service=chart.service.slug if chart.service else "",
        )  # fmt: skip
    except DomainError:
        return None
    line = next((line for line in page.signals if (line.week, line.rule) == (week, rule)), None)
    if line is None:
        return None
    label = str(DEFINITIONS[chart.figure].label)
    whose = " · ".join(row.name for row in (chart.department, chart.other, chart.service) if row)
    return Letter(
        subject=f"{whose}, {label}: {headline(line)}",
        paragraphs=(
            _("The chart shows more than chance."),
            _("%(words)s. Look what lies behind it, and say on the chart what it was.") % {"words": line.words},
        ),
        facts=((_("Figure"), label), (_("What the chart says"), line.words)),
        link=absolute(address_of(chart)),
        link_words=_("Open the chart"),
    )


def register() -> None:
    """Called once, while the apps start."""
    write_with(KIND, write_letter)
