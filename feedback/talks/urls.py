"""Talks; the roof puts them below /feedback/talks/."""

from django.urls import path

from feedback.talks.views import files, series, talks

app_name = "talks"
urlpatterns = [
    path("", series.talks, name="list"),
    path("new/", series.new, name="new"),
    path("feed/<ascii:key>.ics", files.feed, name="feed"),
    path("of/<slug:slug>/<ascii:side>/", series.of_department, name="of_department"),
    path("series/<row:pk>/", series.series, name="series"),
    path("series/<row:pk>/change/", series.change, name="change"),
    path("series/<row:pk>/plan/", series.plan, name="plan"),
    path("tasks/<row:pk>/done/", talks.done, name="done"),
    path("<row:pk>/", talks.talk, name="talk"),
    path("<row:pk>/live/", talks.live, name="live"),
    path("<row:pk>/pdf/", files.printed, name="pdf"),
    path("<row:pk>/ics/", files.calendar_entry, name="ics"),
    path("<row:pk>/steps/<ascii:name>/", talks.step, name="step"),
    path("<row:pk>/lines/<ascii:kind>/", talks.line, name="line"),
    path("<row:pk>/minutes/<ascii:side>/", talks.minutes, name="minutes"),
]
