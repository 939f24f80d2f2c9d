from django.urls import path

from metrics.charts import views

app_name = "charts"
urlpatterns = [
    path("departments/<slug:slug>/charts/", views.charts, name="charts"),
    path("departments/<slug:slug>/charts/<slug:figure>/", views.chart, name="chart"),
    path("departments/<slug:slug>/charts/<slug:figure>/answers/", views.answer, name="answer"),
    path("departments/<slug:slug>/charts/<slug:figure>/rules/", views.rules, name="rules"),
]
