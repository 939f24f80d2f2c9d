"""Files of talks: the minutes on paper, a calendar entry, and the feed that calendars follow."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_GET

from feedback.talks.glances import feed_of
from feedback.talks.ics import feed_owner, write_talks
from feedback.talks.printing import printed_minutes
from feedback.talks.registry import entries_from_above
from feedback.talks.selectors import get_talk
from requests_app.calendars.ics_export import CONTENT_TYPE


@login_required
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    name, content = printed_minutes(person=request.user, pk=pk)
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


@login_required
def calendar_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One talk for the reader's calendar."""
    content = write_talks([get_talk(person=request.user, pk=pk)])
    return HttpResponse(
        content, content_type=CONTENT_TYPE, headers={"Content-Disposition": f'attachment; filename="talk-{pk}.ics"'}
    )


@require_GET
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """What a calendar follows without signing in: the link is the key."""
    owner = feed_owner(key)
    if owner is None:
        raise Http404
    with translation.override(owner.language or translation.get_language()):
        content = write_talks(feed_of(owner), entries_from_above(owner))
    return HttpResponse(content, content_type=CONTENT_TYPE)
