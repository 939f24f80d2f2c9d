"""Every page of figures has its files and its form for mails below its own address."""

from django.urls import path

from metrics.reports import views
from metrics.reports.subjects import SUBJECTS

app_name = "reports"
urlpatterns = [
    *(
        path(f"{subject.path}report/<slug:form>/", views.report, {"subject": subject.key}, name=subject.key)
        for subject in SUBJECTS.values()
    ),
    *(
        path(f"{subject.path}reports/", views.by_mail, {"subject": subject.key}, name=f"{subject.key}_by_mail")
        for subject in SUBJECTS.values()
    ),
    path("reports/<row:pk>/stop/", views.stop, name="stop"),
]
