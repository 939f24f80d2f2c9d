"""What awards listen to, and what they add to mail and pages."""

from feedback.awards import letters, panels
from requests_app.events.registry import subscribe

subscribe("feedback.awards_letters", letters.KINDS, letters.queue_letters, queue="outside", batch=20)
letters.register()
panels.register()
