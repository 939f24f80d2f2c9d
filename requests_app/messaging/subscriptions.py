"""What mail listens to."""

from requests_app.events.registry import subscribe
from requests_app.messaging.agreements import KINDS, queue_agreement_notices, write_agreement_notice
from requests_app.messaging.letters import NOTICES, write_notice
from requests_app.messaging.registry import write_with
from requests_app.messaging.services import queue_notices

subscribe("messaging.notices", NOTICES, queue_notices, queue="outside", batch=100)
for kind in NOTICES:
    write_with(kind, write_notice)

subscribe("messaging.agreements", KINDS, queue_agreement_notices, queue="outside", batch=100)
for kind in KINDS:
    write_with(kind, write_agreement_notice)
