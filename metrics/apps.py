from importlib import import_module

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "metrics"

    def ready(self) -> None:
        import_module("metrics.subscriptions")
        import_module("metrics.improvement.subscriptions")
        import_module("metrics.dashboards.panels").register()
        import_module("metrics.charts.panels").register()
        import_module("metrics.charts.letters").register()
        import_module("metrics.charts.talks").register()
        import_module("metrics.improvement.panels").register()
        import_module("metrics.themes.panels").register()
        import_module("metrics.mending.panels").register()
        import_module("metrics.whatif.panels").register()
        import_module("metrics.relations.panels").register()
        import_module("metrics.reports.letters").register()
        import_module("metrics.chain.points").register()
        import_module("metrics.awards.measuring").register()
