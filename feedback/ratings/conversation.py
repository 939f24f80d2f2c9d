"""The supplier answers a rating, and the customer says what they make of it: a conversation, not a verdict."""

from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.ratings import policies
from feedback.ratings.models import Rating, RatingReply
from feedback.ratings.states import LONGEST_COMMENT, MOST_REPLIES, Side
from requests_app.desk.models import ServiceRequest
from requests_app.events.services import record
from requests_app.kernel.errors import IllegalMove, require_text
from requests_app.org.models import Person


@transaction.atomic
def reply_to_rating(
    *, by: Person, service_request: ServiceRequest, text: str, now: datetime | None = None
) -> RatingReply:
    """Say a word about the rating of this request; 404 when it is not theirs to read.

    The supplier begins, and only where the answer was shared with it. The words stay out of the log, as comments do.
    """
    readable = Rating.objects.visible_to(by).filter(service_request=service_request)
    rating = Rating.objects.select_for_update(of=("self",)).filter(pk__in=readable.values("pk")).first()
    if rating is None:
        raise Http404
    side = policies.reply_side(by, rating)
    said = list(rating.replies.values_list("side", flat=True))
    if side == Side.CUSTOMER and Side.SUPPLIER not in said:
        raise IllegalMove(_("Nobody answered your rating yet. What you want to add belongs into its comment."))
    if len(said) >= MOST_REPLIES:
        raise IllegalMove(_("There are %(n)s answers here already. Talk to each other.") % {"n": MOST_REPLIES})
    text = require_text("text", text, longest=LONGEST_COMMENT)
    now = max(now or timezone.now(), rating.given_at)
    reply = RatingReply.objects.create(rating=rating, side=side, person=by, text=text, at=now)
    record(
        kind="rating.answered", subject_kind="request", subject_id=rating.service_request_id, by=by, at=now,
        data={
            "rating": rating.pk, "reply": reply.pk, "side": str(side), "supplier": rating.supplier_id,
            "department": rating.supplier_id, "person": rating.person_id,
        },
    )  # fmt: skip
    return reply
