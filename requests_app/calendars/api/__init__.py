"""Working calendars over HTTP: the calendars, their files, and working time as a service."""

from requests_app.calendars.api import calendars, days_off

urlpatterns = [*calendars.urlpatterns, *days_off.urlpatterns]
