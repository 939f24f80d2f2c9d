"""What is said below a suggestion: by members of departments who may read it, taken back by who said it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.voice import policies
from feedback.voice.models import Post, Voice
from feedback.voice.services import lock_voice, record_step
from feedback.voice.states import LONGEST_TEXT, MOST_POSTS_A_DAY, WITHDRAWN, Kind
from requests_app.kernel.errors import DomainError, IllegalMove, require_text
from requests_app.org.models import Person


@transaction.atomic
def add_post(*, by: Person, voice: Voice, body: str, at: datetime | None = None) -> Post:
    """Say something below a suggestion, or raise a DomainError. The words are kept as typed and shown escaped."""
    policies.require_discuss(by)
    voice = lock_voice(voice.pk)
    if voice.kind != Kind.SUGGESTION or voice.state == WITHDRAWN:
        raise IllegalMove(_("Only suggestions that stand are discussed."))
    now = at or timezone.now()
    Person.objects.select_for_update().get(pk=by.pk)  # of many at once only so many get through
    if Post.objects.filter(author=by, at__gt=now - timedelta(days=1)).count() >= MOST_POSTS_A_DAY:
        raise DomainError(_("You have said very much today. Come back tomorrow."))
    post = Post.objects.create(voice=voice, author=by, body=require_text("body", body, longest=LONGEST_TEXT), at=now)
    record_step("voice.posted", voice, by, now, {"post": post.pk})
    return post


@transaction.atomic
def withdraw_post(*, by: Person, voice: Voice, pk: int) -> Post:
    """Take back one's own words: they are gone, their place is left. The same again changes nothing."""
    post = Post.objects.select_for_update(of=("self",)).select_related("author").filter(voice=voice, pk=pk).first()
    if post is None:
        raise Http404
    policies.require_own_post(by, post)
    if post.withdrawn_at is None:
        post.body, post.withdrawn_at = "", timezone.now()
        post.save(update_fields=["body", "withdrawn_at"])
        record_step("voice.post_withdrawn", voice, by, post.withdrawn_at, {"post": post.pk})
    return post
