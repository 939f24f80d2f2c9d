import importlib

from django.apps import AppConfig

from servicedesk import celery  # noqa: F401 - the queue must be known wherever a task is sent from


class ServicedeskConfig(AppConfig):
    """The roof: no tables, only commands and pages that combine the apps."""

    name = "servicedesk"

    def ready(self) -> None:
        importlib.import_module("servicedesk.pages.settings.panels").register()
        importlib.import_module("servicedesk.pages.figure_rows").register()
