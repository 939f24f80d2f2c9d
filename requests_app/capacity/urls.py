"""Hours and absences; the roof puts them below /capacity/."""

from django.urls import path

from requests_app.capacity import views

app_name = "capacity"
urlpatterns = [
    path("absences/", views.mine, name="mine"),
    path("absences/<row:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("departments/<slug:slug>/", views.department, name="department"),
    path("departments/<slug:slug>/hours/", views.hours, name="hours"),
]
