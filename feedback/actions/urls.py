"""Corrective actions; the roof puts them below /feedback/actions/, and their causes below /settings/."""

from django.urls import path

from feedback.actions.views import actions, causes

app_name = "actions"
urlpatterns = [
    path("", actions.actions, name="list"),
    path("board/", actions.board, name="board"),
    path("files/<row:pk>/", actions.file, name="file"),
    path("files/<row:pk>/remove/", actions.remove, name="remove_file"),
    path("new/", actions.new, name="new"),
    path("new/<sr:number>/", actions.new, name="new_of_request"),
    path("<row:pk>/", actions.action, name="action"),
    path("<row:pk>/files/", actions.add, name="files"),
    path("<row:pk>/<ascii:name>/", actions.step, name="step"),
]
settings_patterns = [
    path("causes/", causes.causes, name="causes"),
    path("causes/<row:pk>/", causes.cause, name="cause"),
    path("causes/<row:pk>/<ascii:name>/", causes.decide, name="decide_cause"),
]
