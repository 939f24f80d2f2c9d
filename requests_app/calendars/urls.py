"""Working calendars; the roof puts them below /settings/."""

from django.urls import path

from requests_app.calendars import views

urlpatterns = [
    path("calendars/", views.calendars, name="calendars"),
    path("new-calendar/", views.new_calendar, name="calendar_new"),
    path("calendars/<slug:slug>/", views.calendar, name="calendar"),
    path("calendars/<slug:slug>/holidays/", views.calendar_holidays, name="calendar_holidays"),
    path("calendars/<slug:slug>/half-days/", views.calendar_half_days, name="calendar_half_days"),
    path("calendars/<slug:slug>/file/", views.calendar_file, name="calendar_file"),
    path("calendars/<slug:slug>/add-days/", views.calendar_add_days, name="calendar_add_days"),
    path("calendars/<slug:slug>/ics/", views.calendar_ics, name="calendar_ics"),
    path("calendars/<slug:slug>/<int:year>/", views.calendar_year, name="calendar_year"),
]
