"""What ratings listen to, and what they add to mail and pages."""

from feedback.ratings import answers, letters, panels
from feedback.ratings.services import invite_after
from requests_app.events.registry import subscribe

subscribe("feedback.invitations", ["request.delivered", "request.confirmed", "request.closed"], invite_after, batch=10)
subscribe("feedback.rating_answers", [answers.KIND], answers.queue_answers, queue="outside", batch=100)
letters.register()
answers.register()
panels.register()
