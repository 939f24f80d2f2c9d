"""Corrective actions; the roof puts them below /feedback/actions/, and their causes below /settings/."""

from django.urls import path

from feedback.actions import settings_views, views

app_name = "actions"
urlpatterns = [
    path("", views.actions, name="list"),
    path("new/", views.new, name="new"),
    path("<row:pk>/", views.action, name="action"),
    path("<row:pk>/<ascii:name>/", views.step, name="step"),
]
settings_patterns = [
    path("causes/", settings_views.causes, name="causes"),
    path("causes/<row:pk>/", settings_views.cause, name="cause"),
]
