"""Joint groups; the roof puts them below /feedback/groups/."""

from django.urls import path

from feedback.groups.views import groups as views
from feedback.groups.views import meetings

app_name = "groups"
urlpatterns = [
    path("", views.groups, name="list"),
    path("new/", views.new, name="new"),
    path("<row:pk>/", views.group, name="group"),
    path("<row:pk>/change/", views.change, name="change"),
    path("<row:pk>/steps/<ascii:name>/", views.step, name="step"),
    path("<row:pk>/members/", views.join, name="join"),
    path("<row:pk>/departments/", views.bring, name="bring"),
    path("<row:pk>/members/<row:member_pk>/leave/", views.leave, name="leave"),
    path("<row:pk>/tasks/", views.task, name="task"),
    path("<row:pk>/meetings/", views.plan, name="plan"),
    path("<row:pk>/wall/<ascii:name>/", views.check, name="check"),
    path("<row:pk>/answer/", views.answer, name="answer"),
    path("tasks/<row:pk>/pass/", views.hand_over, name="pass"),
    path("tasks/<row:pk>/<ascii:state>/", views.move, name="move"),
    path("meetings/<row:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<row:pk>/meeting.ics", meetings.calendar_entry, name="ics"),
    path("meetings/<row:pk>/steps/<ascii:name>/", meetings.step, name="meeting_step"),
    path("meetings/<row:pk>/minutes/", meetings.minutes, name="minutes"),
    path("meetings/<row:pk>/tasks/", meetings.task, name="meeting_task"),
]
