"""What surveys listen to, and what they add to mail and pages."""

from feedback.ratings.rest import also_asked_by
from feedback.surveys import letters, panels
from feedback.surveys.audience import asked_since
from requests_app.events.registry import subscribe

subscribe("feedback.survey_letters", letters.KINDS, letters.queue_letters, queue="outside", batch=10)
letters.register()
also_asked_by(asked_since)
panels.register()
