"""What corrective actions listen to, and what they add to mail and pages."""

from feedback.actions import cause_letters, digest, letters, panels
from feedback.actions.escalation import open_after
from feedback.actions.models import ActionFile
from requests_app.desk.services.attachments import keep_files_of
from requests_app.events.registry import subscribe

subscribe("feedback.actions", ["clock.escalated"], open_after)
subscribe("feedback.action_letters", letters.KINDS, letters.queue_letters, queue="outside", batch=100)
subscribe("feedback.cause_letters", cause_letters.KINDS, cause_letters.queue_letters, queue="outside", batch=100)
keep_files_of(ActionFile)
letters.register()
cause_letters.register()
digest.register()
panels.register()
