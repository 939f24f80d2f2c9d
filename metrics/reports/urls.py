from django.urls import path

from metrics.reports import views
from metrics.rollups.states import Side

app_name = "reports"
urlpatterns = [
    *(
        path(f"departments/<slug:slug>/as-{side}/report/<slug:form>/", views.report, {"side": side}, name=side)
        for side in Side.ALL
    ),
    *(
        path(f"departments/<slug:slug>/as-{side}/reports/", views.by_mail, {"side": side}, name=f"{side}_by_mail")
        for side in Side.ALL
    ),
    path("reports/<row:pk>/stop/", views.stop, name="stop"),
]
