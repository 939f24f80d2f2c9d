"""Mail about words on a rating: to who rated, when the supplier answers; to those who did, when there is a reaction."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.ratings.models import Rating, RatingReply
from feedback.ratings.states import Side
from requests_app.catalogue.states import Privacy
from requests_app.events.models import Event
from requests_app.messaging.letters import absolute
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Letter, write_with
from requests_app.messaging.services import mail_row, queue_all
from requests_app.messaging.states import NEWS_DAYS

KIND = "rating.answered"


def queue_answers(events: list[Event]) -> None:
    """A mail for everybody to whom one of the words is news, but whoever said it. Safe to run twice."""
    oldest = timezone.now() - timedelta(days=NEWS_DAYS)
    wanted = [event for event in events if event.at >= oldest]
    queue_all(
        mail_row(KIND, person_id, f"{KIND}:{event.pk}:{person_id}", None, {"reply": event.data["reply"]})
        for event in wanted
        for person_id in _readers(event)
    )


def _readers(event: Event) -> list[int]:
    if event.data["side"] == Side.SUPPLIER:
        return [event.data["person"]]
    rows = RatingReply.objects.filter(rating_id=event.data["rating"], side=Side.SUPPLIER)
    return sorted(set(rows.values_list("person_id", flat=True)) - {event.actor_id})


def write_answer(mail: OutgoingMail) -> Letter | None:
    """None when its reader may not read the rating any more. Of confidential requests it tells the number alone."""
    reply = RatingReply.objects.filter(pk=mail.data["reply"]).first()
    rows = Rating.objects.visible_to(mail.person).select_related("service_request", "supplier")
    rating = rows.filter(pk=reply.rating_id).first() if reply else None
    if reply is None or rating is None:
        return None
    row, by_supplier = rating.service_request, reply.side == Side.SUPPLIER
    headline = _("Your rating was answered") if by_supplier else _("What they say to your answer")
    confidential = row.privacy == Privacy.CONFIDENTIAL
    said = (
        _("%(supplier)s answered your rating of %(score)s of 5.") if by_supplier else _("It was about %(score)s of 5.")
    )
    return Letter(
        subject=f"{headline}: {row.number if confidential else row.title}",
        paragraphs=(said % {"supplier": rating.supplier.name, "score": rating.overall},),
        quote="" if confidential else reply.text,
        link=absolute(reverse("ratings:reply", args=[row.number])),
        link_words=_("Read and answer it"),
    )


def register() -> None:
    """Called once, while the apps start."""
    write_with(KIND, write_answer)
