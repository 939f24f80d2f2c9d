"""What the forum listens to, and what it adds to mail and pages."""

from feedback.forum import letters, panels
from requests_app.events.registry import subscribe

subscribe("feedback.forum_letters", letters.KINDS, letters.queue_letters, queue="outside", batch=100)
letters.register()
panels.register()
