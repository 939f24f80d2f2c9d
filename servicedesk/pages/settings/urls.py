"""Every address of the settings, as settings:…; each package brings the pages of what it owns."""

from django.urls import include, path

from feedback.actions.urls import settings_patterns as causes
from feedback.ratings.urls import settings_patterns as ratings
from metrics.targets.urls import settings_patterns as figure_targets
from requests_app.desk.views import recomputing
from servicedesk.pages.settings import departments, history, home

app_name = "settings"
urlpatterns = [
    path("", home.home, name="home"),
    path("departments/", departments.departments, name="departments"),
    path("new-department/", departments.new_department, name="department_new"),
    path("departments/<slug:slug>/", departments.department, name="department"),
    path("departments/<slug:slug>/agents/", departments.agents, name="agents"),
    path("calendars/<slug:slug>/open-requests/", recomputing.open_requests, name="calendar_open"),
    *causes,
    *ratings,
    *figure_targets,
    path("history/", history.history, name="history"),
    path("", include("requests_app.org.urls")),
    path("", include("requests_app.catalogue.urls")),
    path("", include("requests_app.agreements.urls")),
    path("", include("requests_app.calendars.urls")),
]
