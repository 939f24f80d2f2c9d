"""Corrective actions; the roof puts them below /feedback/actions/, and their causes below /settings/."""

from django.urls import path

from feedback.actions import views

app_name = "actions"
urlpatterns = [
    path("", views.actions, name="list"),
    path("board/", views.board, name="board"),
    path("files/<row:pk>/", views.file, name="file"),
    path("files/<row:pk>/remove/", views.remove, name="remove_file"),
    path("new/", views.new, name="new"),
    path("new/<sr:number>/", views.new, name="new_of_request"),
    path("<row:pk>/", views.action, name="action"),
    path("<row:pk>/files/", views.add, name="files"),
    path("<row:pk>/<ascii:name>/", views.step, name="step"),
]
settings_patterns = [
    path("causes/", views.causes, name="causes"),
    path("causes/<row:pk>/", views.cause, name="cause"),
]
