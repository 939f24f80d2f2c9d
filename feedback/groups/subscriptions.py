"""What joint groups listen to, and what they add to mail, calendars and pages."""

from feedback.groups import ics, letters, panels
from requests_app.events.registry import subscribe

subscribe("feedback.group_letters", letters.KINDS, letters.queue_letters, queue="outside", batch=100)
letters.register()
ics.register()
panels.register()
