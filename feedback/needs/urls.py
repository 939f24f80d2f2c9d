"""Needs; the roof puts it below /feedback/needs/."""

from django.urls import path

from feedback.needs import views

app_name = "needs"
urlpatterns = [
    path("", views.needs, name="list"),
    path("new/", views.new, name="new"),
    path("of/<ascii:slug>/", views.board, name="board"),
    path("<row:pk>/", views.need, name="need"),
    path("<row:pk>/change/", views.change, name="change"),
    path("<row:pk>/rating/", views.rate, name="rate"),
    path("<row:pk>/sources/", views.source, name="source"),
    path("<row:pk>/sources/<row:source_pk>/drop/", views.drop_source, name="drop_source"),
    path("<row:pk>/steps/<ascii:name>/", views.step, name="step"),
]
