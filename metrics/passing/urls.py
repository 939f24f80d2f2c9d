from django.urls import path

from metrics.passing import views

app_name = "passing"
urlpatterns = [
    path("departments/<slug:slug>/passing/", views.department, name="department"),
    path("company/passing/", views.company, name="company"),
]
