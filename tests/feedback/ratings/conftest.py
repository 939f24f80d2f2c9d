import pytest
from django.core import mail

from feedback.ratings.models import Rating
from feedback.ratings.services import give_rating
from feedback.ratings.states import Answer
from requests_app.events.services import deliver
from requests_app.messaging.services import send_waiting

FULL = Answer(
    overall=4,
    dimensions={"reliability": 5, "assurance": 4, "tangibles": 3, "empathy": 2, "responsiveness": 1},
    effort=5,
    comment="Quick, and friendly.",
    share_with_team=True,
)


@pytest.fixture
def full_answer() -> Answer:
    return FULL


@pytest.fixture
def rate(company):
    """rate(request, 4) → the requester's rating, as if typed."""

    def given(service_request, overall: int = 4, **more) -> Rating:
        answer = Answer(overall=overall, **more)
        return give_rating(by=company.requester, service_request=service_request, answer=answer)

    return given


@pytest.fixture
def work_through():
    """work_through() → what the workers do after a commit: invitations, then notices."""

    def work() -> None:
        deliver("feedback.invitations")
        deliver("messaging.notices")

    return work


@pytest.fixture
def post(work_through):
    """post() → works the log through, sends what waits, and answers the mails that went out since."""

    def send() -> list:
        work_through()
        before = len(mail.outbox)
        send_waiting()
        return mail.outbox[before:]

    return send
