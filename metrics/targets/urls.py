"""The roof puts it below /settings/."""

from django.urls import path

from metrics.targets import views

settings_patterns = [path("figure-targets/", views.figure_targets, name="figure_targets")]
