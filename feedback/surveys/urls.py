"""Surveys; the roof puts them below /feedback/surveys/."""

from django.urls import path

from feedback.surveys import views

app_name = "surveys"
urlpatterns = [
    path("", views.surveys, name="list"),
    path("new/", views.new, name="new"),
    path("<row:pk>/", views.survey, name="survey"),
    path("<row:pk>/preview/", views.preview, name="preview"),
    path("<row:pk>/questions/new/", views.question, name="new_question"),
    path("<row:pk>/questions/<ascii:key>/", views.question, name="question"),
    path("<row:pk>/questions/<ascii:key>/<ascii:how>/", views.rearrange, name="rearrange"),
    path("<row:pk>/campaigns/new/", views.new_campaign, name="new_campaign"),
    path("campaigns/<row:pk>/", views.campaign, name="campaign"),
    path("campaigns/<row:pk>/change/", views.change_campaign, name="change_campaign"),
    path("campaigns/<row:pk>/steps/<ascii:name>/", views.step, name="step"),
    path("campaigns/<row:pk>/answer/", views.answer, name="answer"),
    path("campaigns/<row:pk>/results/", views.results, name="results"),
    path("campaigns/<row:pk>/results.csv", views.export, name="export"),
]
