"""What training listens to, and what it adds to mail and pages."""

from feedback.training import letters, panels
from feedback.training.recommending import recommend_after
from requests_app.events.registry import subscribe

subscribe("feedback.training", ["action.analysed", "action.resorted"], recommend_after)
subscribe("feedback.training_letters", letters.KINDS, letters.queue_letters, queue="outside", batch=100)
letters.register()
panels.register()
