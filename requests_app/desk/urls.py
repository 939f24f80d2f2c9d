"""Addresses of the desk. The roof adds "/" and "/requests/", which combine several packages, in the same namespace."""

from django.urls import path, register_converter

from requests_app.desk.views import conversation, filing, queue, recomputing, requests


class RequestNumber:
    """SR-000123, in ASCII digits."""

    regex = r"SR-[0-9]{6,15}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(RequestNumber, "request_number")

app_name = "desk"
_ONE = "requests/<request_number:number>/"
urlpatterns = [
    path("services/<slug:slug>/new/", filing.new_request, name="new"),
    path("services/<slug:slug>/promise/", filing.promise, name="promise"),
    path(_ONE, requests.request_page, name="request"),
    path(f"{_ONE}moves/<slug:action>/", requests.move, name="move"),
    path(f"{_ONE}take/", requests.take_it, name="take"),
    path(f"{_ONE}assign/", requests.assign, name="assign"),
    path(f"{_ONE}priority/", requests.priority, name="priority"),
    path(f"{_ONE}edit/", requests.edit, name="edit"),
    path(f"{_ONE}handoff/", requests.handoff, name="handoff"),
    path("handoffs/<int:pk>/<slug:answer>/", requests.answer, name="answer"),
    path(f"{_ONE}messages/", conversation.message, name="message"),
    path(f"{_ONE}watchers/", conversation.watch, name="watch"),
    path(f"{_ONE}watchers/remove/", conversation.unwatch, name="unwatch"),
    path(f"{_ONE}work/", conversation.work, name="work"),
    path("attachments/<int:pk>/", conversation.attachment, name="attachment"),
    path("agreements/<row:pk>/open-requests/", recomputing.under_agreement, name="agreement_open"),
    path("people/suggestions/", conversation.people, name="people"),
    path("departments/<slug:slug>/queue/", queue.queue, name="queue"),
    path("departments/<slug:slug>/queue/bulk/", queue.bulk, name="bulk"),
]
