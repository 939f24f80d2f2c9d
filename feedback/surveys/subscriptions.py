"""What surveys listen to, and what they add to mail and pages."""

from feedback.surveys import letters, panels
from requests_app.events.registry import subscribe

subscribe("feedback.survey_letters", letters.KINDS, letters.queue_letters, queue="outside", batch=10)
letters.register()
panels.register()
