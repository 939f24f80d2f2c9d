from django.urls import path

from metrics.plans import views

app_name = "plans"
urlpatterns = [
    path("departments/<slug:slug>/plans/", views.department, name="department"),
    path("company/plans/", views.company, name="company"),
]
