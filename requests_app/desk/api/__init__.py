"""Requests over HTTP: the same services and policies as the pages."""

from django.urls import path

from requests_app.desk.api import recomputing
from requests_app.desk.api.attachments import AttachmentContent, AttachmentList
from requests_app.desk.api.handoffs import (
    HandoffAccept,
    HandoffAddress,
    HandoffDecline,
    HandoffList,
    HandoffWithdraw,
    RequestHandoffs,
)
from requests_app.desk.api.history import ClockList, EventList
from requests_app.desk.api.messages import MessageList
from requests_app.desk.api.moves import MoveList
from requests_app.desk.api.requests import RequestAddress, RequestList
from requests_app.desk.api.watchers import WatcherAddress, WatcherList
from requests_app.desk.api.worklogs import WorkLogList

urlpatterns = [
    *recomputing.urlpatterns,
    path("requests/", RequestList.as_view(), name="requests"),
    path("requests/<sr:number>/", RequestAddress.as_view(), name="request"),
    path("requests/<sr:number>/moves/", MoveList.as_view(), name="moves"),
    path("requests/<sr:number>/messages/", MessageList.as_view(), name="messages"),
    path("requests/<sr:number>/handoffs/", RequestHandoffs.as_view(), name="request-handoffs"),
    path("requests/<sr:number>/attachments/", AttachmentList.as_view(), name="attachments"),
    path("requests/<sr:number>/events/", EventList.as_view(), name="events"),
    path("requests/<sr:number>/clocks/", ClockList.as_view(), name="clocks"),
    path("requests/<sr:number>/watchers/", WatcherList.as_view(), name="watchers"),
    path("requests/<sr:number>/watchers/<mailbox:email>/", WatcherAddress.as_view(), name="watcher"),
    path("requests/<sr:number>/worklogs/", WorkLogList.as_view(), name="worklogs"),
    path("handoffs/", HandoffList.as_view(), name="handoffs"),
    path("handoffs/<row:pk>/", HandoffAddress.as_view(), name="handoff"),
    path("handoffs/<row:pk>/accept/", HandoffAccept.as_view(), name="handoff-accept"),
    path("handoffs/<row:pk>/decline/", HandoffDecline.as_view(), name="handoff-decline"),
    path("handoffs/<row:pk>/withdraw/", HandoffWithdraw.as_view(), name="handoff-withdraw"),
    path("attachments/<row:pk>/content/", AttachmentContent.as_view(), name="attachment"),
]
