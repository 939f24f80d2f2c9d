"""What suppliers of the demo company say of how they were asked, and how they answer ratings that were shared."""

from datetime import datetime, timedelta

from feedback.asking.services import rate_asking
from feedback.asking.states import Asking
from feedback.ratings.conversation import reply_to_rating
from feedback.ratings.models import Rating
from feedback.ratings.rules import set_rules
from requests_app.desk.models import ServiceRequest
from requests_app.desk.states import CLOSED
from requests_app.events.models import Event
from requests_app.org.models import Person
from requests_app.org.policies import standing
from servicedesk.demo.building import Company
from servicedesk.demo.texts import read

ASKED, LATEST = 60, timedelta(days=29)
EVERY_INCOMPLETE, EVERY_LATE, EVERY_MISPLACED = 5, 7, 11


def answer_all(company: Company, now: datetime) -> None:
    """Call inside a transaction, after the year of requests and its ratings are there."""
    set_rules(by=company.people["admin"], shares=read("answers")["shares"])
    _say_how_it_was_asked(now)
    _answer_ratings(now)


def _say_how_it_was_asked(now: datetime) -> None:
    """About the latest deliveries, by whoever delivered them; who has left the department since is passed over."""
    notes = read("answers")["notes"]
    rows = ServiceRequest.objects.filter(status=CLOSED, delivered_at__gt=now - LATEST).order_by("-delivered_at")
    rows = rows.exclude(supplier=None).select_related("customer", "supplier").defer("search")[:ASKED]
    delivered = Event.objects.filter(subject_kind="request", kind="request.delivered")
    who = dict(delivered.filter(subject_id__in=[row.pk for row in rows]).values_list("subject_id", "actor_id"))
    people = Person.objects.in_bulk({pk for pk in who.values() if pk})
    for place, row in enumerate(rows):
        by = people.get(who.get(row.pk) or 0)
        hats = standing(by) if by else None
        if by is None or hats is None or row.supplier_id not in hats.supplies_for or row.customer_id in hats.member_of:
            continue
        if row.customer_id == row.supplier_id:
            continue
        complete, in_time, place_right = (
            bool(place % every) for every in (EVERY_INCOMPLETE, EVERY_LATE, EVERY_MISPLACED)
        )
        note = "" if complete and in_time else notes[place % len(notes)]
        at = min(row.delivered_at + timedelta(hours=5), now)
        rate_asking(by=by, service_request=row, asking=Asking(complete, in_time, place_right, note), now=at)


def _answer_ratings(now: datetime) -> None:
    """The latest low ratings that were shared are answered by the head, and the first of them is reacted to."""
    answers = read("answers")["answers"]
    rows = Rating.objects.filter(share_with_team=True, overall__lte=3, given_at__gt=now - LATEST)
    rows = rows.select_related("service_request", "supplier", "person").order_by("-given_at")[: len(answers)]
    for place, (rating, words) in enumerate(zip(rows, answers, strict=False)):
        head = Person.objects.filter(memberships__department=rating.supplier_id, memberships__role="head").first()
        if head is None:
            continue
        at = min(rating.given_at + timedelta(hours=20), now)
        reply_to_rating(by=head, service_request=rating.service_request, text=words["said"], now=at)
        if place == 0:
            later = min(at + timedelta(hours=4), now)
            reply_to_rating(by=rating.person, service_request=rating.service_request, text=words["reaction"], now=later)
