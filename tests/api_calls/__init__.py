"""One call for every operation of the API that does what it says: the table behind the tests of all of them.

A new operation needs a line in the file of its app; `test_openapi` says so.
"""

from tests.api_calls import feedback, metrics, requests_app
from tests.api_calls.call import Call
from tests.api_calls.feedback import AWARD, BALLOT, TRAINING
from tests.api_calls.requests_app import FILING, ICS, TARGETS, WEEK

CALLS: dict[str, Call] = requests_app.CALLS | feedback.CALLS | metrics.CALLS

__all__ = ["AWARD", "BALLOT", "CALLS", "FILING", "ICS", "TARGETS", "TRAINING", "WEEK", "Call"]
