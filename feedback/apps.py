import importlib

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"

    def ready(self) -> None:
        importlib.import_module("feedback.ratings.subscriptions")
        importlib.import_module("feedback.actions.subscriptions")
        importlib.import_module("feedback.asking.subscriptions")
        importlib.import_module("feedback.voice.subscriptions")
        importlib.import_module("feedback.surveys.subscriptions")
        importlib.import_module("feedback.talks.subscriptions")
        importlib.import_module("feedback.chain.subscriptions")
        importlib.import_module("feedback.training.subscriptions")
        importlib.import_module("feedback.needs.subscriptions")
        importlib.import_module("feedback.awards.subscriptions")
        importlib.import_module("feedback.groups.subscriptions")
        importlib.import_module("feedback.forum.subscriptions")
        importlib.import_module("feedback.talks.declared").register()
