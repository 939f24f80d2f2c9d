"""Training; the roof puts it below /feedback/training/."""

from django.urls import path

from feedback.training import views

app_name = "training"
urlpatterns = [
    path("", views.courses, name="list"),
    path("courses/new/", views.new_course, name="new_course"),
    path("courses/<row:pk>/", views.course, name="course"),
    path("courses/<row:pk>/edit/", views.edit_course, name="edit_course"),
    path("courses/<row:pk>/sessions/new/", views.new_session, name="new_session"),
    path("sessions/<row:pk>/", views.session, name="session"),
    path("sessions/<row:pk>/change/", views.change_session, name="change_session"),
    path("sessions/<row:pk>/sign-up/", views.sign_up, name="sign_up"),
    path("sessions/<row:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("sessions/<row:pk>/attendance/", views.attendance, name="attendance"),
    path("sessions/<row:pk>/cancel/", views.cancel, name="cancel"),
    path("sessions/<row:pk>/calendar/", views.calendar, name="calendar"),
    path("tests/<row:pk>/", views.exam, name="test"),
    path("certificates/<row:pk>/", views.certificate, name="certificate"),
    path("certificates/<row:pk>/check/<ascii:signature>/", views.check, name="check"),
    path("departments/<ascii:slug>/", views.department, name="department"),
    path("recommendations/<row:pk>/dismiss/", views.dismiss, name="dismiss"),
]
