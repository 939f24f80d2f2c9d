"""The forum over HTTP: topics, searched; replies; the answer; following; changed words; hiding and showing again."""

from typing import Any

from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.forum import policies, selectors, services
from feedback.forum.models import Reply, Topic
from feedback.forum.states import (
    LONGEST_BODY,
    LONGEST_REASON,
    LONGEST_SUBJECT,
    LONGEST_TITLE,
    Kind,
    Show,
)
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput
from requests_app.kernel.versions import fingerprint
from requests_app.org.selectors import departments_by_slug, departments_for


class TopicShape(api.Shape):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Kind.choices)
    title = serializers.CharField()
    body = serializers.CharField()
    subject = serializers.CharField()
    department = serializers.CharField(allow_null=True, help_text="To whom it is put.")
    author = serializers.EmailField()
    said_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField(help_text="Of the newest reply, else its own.")
    edited_at = serializers.DateTimeField(allow_null=True)
    replies = serializers.IntegerField(help_text="How many.")
    answer = serializers.IntegerField(allow_null=True, help_text="The reply that is the answer.")
    hidden_reason = serializers.CharField(help_text="Empty: it is not hidden.")


class ForumReplyShape(api.Shape):
    id = serializers.IntegerField()
    author = serializers.EmailField()
    body = serializers.CharField(help_text="Empty where it is hidden from you.")
    said_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    is_answer = serializers.BooleanField()
    is_hidden = serializers.BooleanField()
    hidden_reason = serializers.CharField(help_text="Empty where it is not hidden, or hidden from you.")


def topic_of(row: Topic) -> dict[str, Any]:
    names = ("kind", "title", "body", "subject", "said_at", "last_at", "edited_at", "hidden_reason")
    told = {name: getattr(row, name) for name in names}
    return told | {
        "id": row.pk, "department": row.department.slug if row.department else None, "author": row.author.email,
        "replies": row.replies_count, "answer": row.answer_id,
    }  # fmt: skip


def reply_of(line: selectors.ReplyLine) -> dict[str, Any]:
    row = line.reply
    return {
        "id": row.pk, "author": row.author.email, "body": row.body if line.shown else "", "said_at": row.said_at,
        "edited_at": row.edited_at, "is_answer": line.is_answer, "is_hidden": row.hidden_at is not None,
        "hidden_reason": row.hidden_reason if line.shown else "",
    }  # fmt: skip


def words_of(said: Topic | Reply) -> str:
    """A mark of what it says now; other words have another."""
    return fingerprint({"title": getattr(said, "title", ""), "body": said.body})


class TopicsQuery(api.PageQuery):
    q = api.Text(required=False, max_length=200, help_text="Words in topics and replies.")
    department = api.Slug(required=False, help_text="To whom it is put.")
    customer = api.Slug(required=False, help_text="Whose people put it.")
    subject = api.Text(required=False, max_length=LONGEST_SUBJECT)
    show = serializers.ChoiceField(
        Show.choices, required=False, help_text="hidden: or with a hidden reply, of what you moderate."
    )


class TopicBody(api.StrictSerializer):
    kind = serializers.ChoiceField(Kind.choices, required=False)
    title = api.Text(max_length=LONGEST_TITLE)
    body = api.Text(max_length=LONGEST_BODY, required=False, allow_blank=True)
    subject = api.Text(max_length=LONGEST_SUBJECT, required=False, allow_blank=True)
    department = api.Slug(required=False, help_text="To whom it is put; left out, to everybody.")


class TopicWordsBody(api.StrictSerializer):
    title = api.Text(max_length=LONGEST_TITLE, required=False)
    body = api.Text(max_length=LONGEST_BODY, required=False, allow_blank=True)


class ForumReplyBody(api.StrictSerializer):
    body = api.Text(max_length=LONGEST_BODY)


class ForumAnswerBody(api.StrictSerializer):
    reply = api.WholeNumber(min_value=1, max_value=10**15, allow_null=True, help_text="null: not answered after all.")


class FollowBody(api.StrictSerializer):
    wanted = api.YesOrNo()


class HideBody(api.StrictSerializer):
    reason = api.Text(max_length=LONGEST_REASON)


@extend_schema(tags=["Forum"])
@extend_schema_view(
    get=extend_schema(
        operation_id="forum_list",
        summary="Topics, those last spoken in first",
        parameters=[TopicsQuery],
        responses={200: api.page_of(TopicShape), **api.refusals(404)},
    ),
    post=extend_schema(
        operation_id="forum_ask",
        summary="Ask a question or begin a discussion",
        parameters=[api.IDEMPOTENCY_KEY],
        request=TopicBody,
        responses={201: TopicShape, **api.refusals(403, 409, 422)},
    ),
)
class Topics(api.Address):
    query = TopicsQuery

    def get(self, request: Request) -> Response:
        asked = {name: self.asked.get(name, "") for name in ("q", "subject", "show")}
        sides = departments_by_slug(request.user, self.asked, "department", "customer")
        rows = selectors.topics_for(request.user, **sides, **asked)
        return self.page(rows, selectors.NEWEST, topic_of)

    @once
    def post(self, request: Request) -> Response:
        policies.require_speak(request.user)
        values = self.body(TopicBody)
        if "department" in values:
            found = departments_for(request.user).filter(slug=values["department"]).first()
            if found is None:
                told = _("There is none of this name. Give the short name, such as “it”.")
                raise WrongInput({"department": [told]})
            values["department"] = found
        made = services.ask(by=request.user, **values)
        return Response(topic_of(made), status=201)


class OneTopic(api.Address):
    def find(self, pk: int) -> Topic:
        return selectors.get_topic(person=self.request.user, pk=pk)

    def answer(self, request: Request) -> Response:
        found = selectors.get_topic(person=request.user, pk=self.found.pk)
        return Response(topic_of(found), headers={"ETag": api.tag(words_of(found))})


@extend_schema(tags=["Forum"])
@extend_schema_view(
    get=extend_schema(operation_id="forum_read", summary="A topic", responses={200: TopicShape, **api.refusals(404)}),
    patch=extend_schema(
        operation_id="forum_change",
        summary="Other words, by who said them, within a day",
        description="What they were stays readable.",
        parameters=[api.IF_MATCH],
        request=TopicWordsBody,
        responses={200: TopicShape, **api.refusals(403, 404, 409, 412, 422)},
    ),
)
class TopicAddress(OneTopic):
    def get(self, request: Request, **names: Any) -> Response:
        return self.answer(request)

    def patch(self, request: Request, **names: Any) -> Response:
        policies.require_own(request.user, self.found)
        words = {"title": self.found.title, "body": self.found.body} | self.body(TopicWordsBody, partial=True)
        with api.unchanged(request, self.found, words_of):
            services.edit_topic(by=request.user, topic=self.found, **words)
        return self.answer(request)


@extend_schema(tags=["Forum"])
@extend_schema_view(
    get=extend_schema(
        operation_id="forum_replies",
        summary="Replies to a topic, the first ones first",
        parameters=[api.PageQuery],
        responses={200: api.page_of(ForumReplyShape), **api.refusals(404)},
    ),
    post=extend_schema(
        operation_id="forum_reply",
        summary="Reply to a topic",
        parameters=[api.IDEMPOTENCY_KEY],
        request=ForumReplyBody,
        responses={201: ForumReplyShape, **api.refusals(403, 404, 409, 422)},
    ),
)
class Replies(OneTopic):
    query = api.PageQuery

    def get(self, request: Request, **names: Any) -> Response:
        now = timezone.now()
        lines = lambda row: reply_of(selectors.reply_lines(request.user, self.found, [row], now)[0])  # noqa: E731
        return self.page(selectors.replies_of(self.found), ("pk",), lines)

    @once
    def post(self, request: Request, **names: Any) -> Response:
        policies.require_speak(request.user)
        made = services.reply(by=request.user, topic=self.found, **self.body(ForumReplyBody))
        line = selectors.reply_lines(request.user, self.found, [made], timezone.now())[0]
        return Response(reply_of(line), status=201)


@extend_schema(tags=["Forum"])
@extend_schema_view(
    post=extend_schema(
        operation_id="forum_mark_answer",
        summary="This reply is the answer (the asker, or the department that was asked)",
        parameters=[api.IDEMPOTENCY_KEY],
        request=ForumAnswerBody,
        responses={200: TopicShape, **api.refusals(403, 404, 409, 422)},
    )
)
class TopicAnswer(OneTopic):
    @once
    def post(self, request: Request, **names: Any) -> Response:
        policies.require_mark(request.user, self.found)
        pk = self.body(ForumAnswerBody)["reply"]
        reply = Reply.objects.filter(topic=self.found, pk=pk).first() if pk else None
        if pk and reply is None:
            raise WrongInput({"reply": [_("Choose one of the replies that stand below this question.")]})
        services.mark_answer(by=request.user, topic=self.found, reply=reply)
        return self.answer(request)


@extend_schema(tags=["Forum"])
@extend_schema_view(
    post=extend_schema(
        operation_id="forum_follow",
        summary="Be told of new replies, or no longer",
        parameters=[api.IDEMPOTENCY_KEY],
        request=FollowBody,
        responses={200: TopicShape, **api.refusals(403, 404, 409, 422)},
    )
)
class TopicFollow(OneTopic):
    @once
    def post(self, request: Request, **names: Any) -> Response:
        policies.require_speak(request.user)
        services.follow(by=request.user, topic=self.found, **self.body(FollowBody))
        return self.answer(request)


@extend_schema(tags=["Forum"])
@extend_schema_view(
    post=extend_schema(
        operation_id="forum_hide",
        summary="Hide a topic (administrators, the head of the department that was asked)",
        parameters=[api.IDEMPOTENCY_KEY],
        request=HideBody,
        responses={200: TopicShape, **api.refusals(403, 404, 409, 422)},
    )
)
class TopicHide(OneTopic):
    @once
    def post(self, request: Request, **names: Any) -> Response:
        policies.require_hide(request.user, self.found)
        services.hide(by=request.user, topic=self.found, **self.body(HideBody))
        return self.answer(request)


@extend_schema(tags=["Forum"])
@extend_schema_view(
    post=extend_schema(
        operation_id="forum_show",
        summary="Show a hidden topic again (administrators, the head of the department that was asked)",
        parameters=[api.IDEMPOTENCY_KEY],
        request=None,
        responses={200: TopicShape, **api.refusals(403, 404, 409, 422)},
    )
)
class TopicShow(OneTopic):
    @once
    def post(self, request: Request, **names: Any) -> Response:
        policies.require_hide(request.user, self.found)
        services.show_again(by=request.user, topic=self.found)
        return self.answer(request)


class OneReply(api.Address):
    def find(self, pk: int) -> Reply:
        return selectors.get_reply(person=self.request.user, pk=pk)

    def answer(self, request: Request) -> Response:
        found = selectors.get_reply(person=request.user, pk=self.found.pk)
        line = selectors.reply_lines(request.user, found.topic, [found], timezone.now())[0]
        return Response(reply_of(line), headers={"ETag": api.tag(words_of(found))})


@extend_schema(tags=["Forum"])
@extend_schema_view(
    post=extend_schema(
        operation_id="forum_hide_reply",
        summary="Hide a reply (administrators, the head of the department that was asked)",
        parameters=[api.IDEMPOTENCY_KEY],
        request=HideBody,
        responses={200: ForumReplyShape, **api.refusals(403, 404, 409, 422)},
    )
)
class ReplyHide(OneReply):
    @once
    def post(self, request: Request, **names: Any) -> Response:
        policies.require_hide(request.user, self.found.topic)
        services.hide(by=request.user, topic=self.found.topic, reply=self.found, **self.body(HideBody))
        return self.answer(request)


@extend_schema(tags=["Forum"])
@extend_schema_view(
    get=extend_schema(
        operation_id="forum_read_reply", summary="A reply", responses={200: ForumReplyShape, **api.refusals(404)}
    ),
    patch=extend_schema(
        operation_id="forum_change_reply",
        summary="Other words below a topic, by who said them, within a day",
        description="What they were stays readable.",
        parameters=[api.IF_MATCH],
        request=ForumReplyBody,
        responses={200: ForumReplyShape, **api.refusals(403, 404, 409, 412, 422)},
    ),
)
class ReplyAddress(OneReply):
    def get(self, request: Request, **names: Any) -> Response:
        return self.answer(request)

    def patch(self, request: Request, **names: Any) -> Response:
        policies.require_own(request.user, self.found)
        words = self.body(ForumReplyBody)
        api.require_match(request, words_of(self.found))
        services.edit_reply(by=request.user, reply=self.found, **words)
        return self.answer(request)


@extend_schema(tags=["Forum"])
@extend_schema_view(
    post=extend_schema(
        operation_id="forum_show_reply",
        summary="Show a hidden reply again (administrators, the head of the department that was asked)",
        parameters=[api.IDEMPOTENCY_KEY],
        request=None,
        responses={200: ForumReplyShape, **api.refusals(403, 404, 409, 422)},
    )
)
class ReplyShow(OneReply):
    @once
    def post(self, request: Request, **names: Any) -> Response:
        policies.require_hide(request.user, self.found.topic)
        services.show_again(by=request.user, topic=self.found.topic, reply=self.found)
        return self.answer(request)


urlpatterns = [
    path("forum/", Topics.as_view(), name="forum"),
    path("forum/<row:pk>/", TopicAddress.as_view(), name="topic"),
    path("forum/<row:pk>/replies/", Replies.as_view(), name="topic_replies"),
    path("forum/<row:pk>/answer/", TopicAnswer.as_view(), name="topic_answer"),
    path("forum/<row:pk>/follow/", TopicFollow.as_view(), name="topic_follow"),
    path("forum/<row:pk>/hide/", TopicHide.as_view(), name="topic_hide"),
    path("forum/<row:pk>/show/", TopicShow.as_view(), name="topic_show"),
    path("forum/replies/<row:pk>/", ReplyAddress.as_view(), name="topic_reply"),
    path("forum/replies/<row:pk>/hide/", ReplyHide.as_view(), name="reply_hide"),
    path("forum/replies/<row:pk>/show/", ReplyShow.as_view(), name="reply_show"),
]
