"""The open forum; the roof puts it below /feedback/forum/."""

from django.urls import path

from feedback.forum import views

app_name = "forum"
urlpatterns = [
    path("", views.topics, name="list"),
    path("new/", views.new, name="new"),
    path("<row:pk>/", views.topic, name="topic"),
    path("<row:pk>/edit/", views.edit, name="edit"),
    path("<row:pk>/replies/", views.reply, name="reply"),
    path("<row:pk>/answer/<row:reply_pk>/", views.mark, name="mark"),
    path("<row:pk>/unanswered/", views.unmark, name="unmark"),
    path("<row:pk>/follow/", views.follow, name="follow"),
    path("<row:pk>/hide/", views.hide, name="hide"),
    path("<row:pk>/show/", views.show, name="show"),
    path("replies/<row:pk>/edit/", views.edit_reply, name="edit_reply"),
    path("replies/<row:pk>/hide/", views.hide_reply, name="hide_reply"),
    path("replies/<row:pk>/show/", views.show_reply, name="show_reply"),
]
