"""The minutes of a talk on paper: what the reader sees on its page."""

from typing import Any

from django.utils.translation import gettext as _

from feedback.talks.models import TalkItem
from feedback.talks.selectors import TalkPage, talk_page
from feedback.talks.wording import title_of
from requests_app.kernel.formats import day, moment
from requests_app.kernel.pdf import typeset
from requests_app.org.models import Person


def printed_minutes(*, person: Person, pk: int) -> tuple[str, bytes]:
    """File name and PDF, in the reader's language and zone, or 404."""
    page = talk_page(person=person, pk=pk)
    return f"talk-{page.talk.pk}.pdf", typeset("feedback/talks/minutes.typ", content_of(page))


def content_of(page: TalkPage) -> dict[str, Any]:
    """What `templates/feedback/talks/minutes.typ` prints, all of it words."""
    talk, series = page.talk, page.series
    title = title_of(talk.series)
    there = page.present or page.invited
    label = _("Was there") if page.present else _("Asked to come")
    facts = [[label, ", ".join(person.name for person in there)]]
    if series.place:
        facts.append([_("Where"), series.place])
    return {
        "title": title,
        "author": series.leader.name,
        "lead": f"{series.get_kind_display()} · {moment(talk.starts_at).exact} · {talk.get_state_display()}",
        "foot": title,
        "facts": facts,
        "agenda": {"heading": _("Agenda"), "rows": [[line.label, _with(line.text, line.more)] for line in page.agenda]},
        "minutes": [
            {"heading": _("Minutes of %(name)s") % {"name": name}, "text": text}
            for name, text in (
                (series.supplier.name, talk.notes_supplier), (series.customer.name, talk.notes_customer)
            )
            if text
        ],
        "outcomes": {
            "heading": _("What was settled"),
            "rows": [[item.get_kind_display(), outcome_words(item)] for item in page.outcomes],
        },
        "nothing": _("Nothing."),
    }  # fmt: skip


def outcome_words(item: TalkItem) -> str:
    parts = [item.text]
    if item.owner:
        parts.append(item.owner.name)
    if item.due_on:
        parts.append(_("due %(day)s") % {"day": day(item.due_on)})
    if item.done_at:
        parts.append(_("done"))
    return " · ".join(parts)


def _with(text: str, more: str) -> str:
    return f"{text} ({more})" if more else text
