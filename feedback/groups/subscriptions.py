"""What joint groups listen to, and what they add to mail and pages."""

from feedback.groups import letters, panels
from requests_app.events.registry import subscribe

subscribe("feedback.group_letters", letters.KINDS, letters.queue_letters, queue="outside", batch=100)
letters.register()
panels.register()
