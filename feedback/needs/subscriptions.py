"""What needs listen to, and what they add to mail and pages."""

from feedback.needs import letters, panels
from requests_app.events.registry import subscribe

subscribe("feedback.needs_letters", letters.KINDS, letters.queue_letters, queue="outside", batch=100)
letters.register()
panels.register()
