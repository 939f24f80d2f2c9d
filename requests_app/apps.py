import importlib

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "requests_app"

    def ready(self) -> None:
        importlib.import_module("requests_app.messaging.subscriptions")
        importlib.import_module("requests_app.kernel.form_messages").say_remedies()
