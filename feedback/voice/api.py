"""Complaints, suggestions and praise over HTTP: list, say, read, answer, vote."""

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.voice import discussing, selectors, services
from feedback.voice.models import Post, Voice
from feedback.voice.states import LONGEST_TEXT, LONGEST_TITLE, STEPS, Kind, State
from requests_app.desk.selectors.requests import get_service_request
from requests_app.events.api import once
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Person
from requests_app.org.selectors import departments_by_slug, departments_for


class VoiceShape(api.Shape):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Kind.choices)
    title = serializers.CharField()
    body = serializers.CharField()
    state = serializers.ChoiceField(State.choices)
    department = serializers.CharField(help_text="To whom it was said.")
    author = serializers.CharField(allow_null=True, help_text="null: not yours to know.")
    owner = serializers.CharField(allow_null=True, help_text="Who owes the answer: never somebody it is about.")
    said_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.CharField()
    votes = serializers.IntegerField()
    confidential = serializers.BooleanField()
    appealed_at = serializers.DateTimeField(allow_null=True)
    appeal_due_at = serializers.DateTimeField(allow_null=True)
    decision = serializers.CharField(help_text="What was decided on the appeal; empty before that.")
    version = serializers.IntegerField()


class VoicePageShape(VoiceShape):
    request = serializers.CharField(allow_null=True, help_text="The request it is about, if you may see that.")
    voted = serializers.BooleanField()
    steps = serializers.ListField(child=serializers.ChoiceField(STEPS), help_text="What you could do now.")


def brief(person: Person, voice: Voice) -> dict:
    line = selectors.lines_of([voice], person)[0]
    return {
        "id": voice.pk, "kind": voice.kind, "title": voice.title, "body": voice.body, "state": voice.state,
        "department": voice.department.slug, "author": line.author or None,
        "owner": voice.owner.name if voice.owner else None, "said_at": voice.said_at,
        "due_at": voice.due_at, "outcome": voice.outcome, "votes": voice.votes, "version": voice.version,
        "confidential": voice.confidential, "appealed_at": voice.appealed_at, "appeal_due_at": voice.appeal_due_at,
        "decision": voice.decision,
    }  # fmt: skip


def whole(person: Person, pk: int) -> dict:
    page = selectors.voice_page(person=person, pk=pk)
    more = {"request": page.request_number or None, "voted": page.voted, "steps": [move.name for move in page.moves]}
    return brief(person, page.voice) | more


class VoicesQuery(api.PageQuery):
    kind = serializers.ChoiceField(Kind.choices, required=False)
    department = api.Slug(required=False, help_text="About which it was said.")
    customer = api.Slug(required=False, help_text="Whose people said it.")
    waiting = serializers.BooleanField(required=False, help_text="true: what waits for its first answer.")


class SayBody(api.StrictSerializer):
    kind = serializers.ChoiceField(Kind.choices)
    title = api.Text(max_length=LONGEST_TITLE)
    body = api.Text(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    department = api.Slug(required=False, help_text="To whom; or name a request.")
    request = api.Text(max_length=20, required=False, help_text="Number of the request it is about.")
    confidential = api.YesOrNo(
        required=False, help_text="Of a complaint: read by the head it is for, without your name."
    )


class VoiceStepBody(api.StrictSerializer):
    step = serializers.ChoiceField(STEPS)
    note = api.Text(max_length=LONGEST_TEXT, required=False, allow_blank=True)


class VoteBody(api.StrictSerializer):
    wanted = api.YesOrNo(required=False, help_text="false takes the vote back.")


@extend_schema(tags=["Voices"])
@extend_schema_view(
    get=extend_schema(
        operation_id="voices_list",
        summary="Complaints, suggestions and praise you may read, newest first",
        parameters=[VoicesQuery],
        responses={200: api.page_of(VoiceShape), **api.refusals(404)},
    ),
    post=extend_schema(
        operation_id="voices_say",
        summary="Complain, suggest or praise: to a department, or about a request",
        parameters=[api.IDEMPOTENCY_KEY],
        request=SayBody,
        responses={201: VoicePageShape, **api.refusals(403, 404, 409, 422)},
    ),
)
class VoiceList(api.Address):
    query = VoicesQuery

    def get(self, request: Request) -> Response:
        sides = departments_by_slug(request.user, self.asked, "department", "customer")
        kind, waiting = self.asked.get("kind", ""), self.asked.get("waiting", False)
        rows = selectors.voices_for(request.user, kind=kind, waiting=waiting, **sides)
        return self.page(rows, ("-pk",), lambda voice: brief(request.user, voice))

    @once
    def post(self, request: Request) -> Response:
        values = self.body(SayBody)
        number, slug = values.pop("request", None), values.pop("department", None)
        if (number is None) == (slug is None):
            raise WrongInput({"department": [_("Name either a department or a request.")]})
        department = departments_for(request.user).filter(slug=slug).first() if slug else None
        if slug and department is None:
            raise WrongInput({"department": [_("There is none of this name. Give the short name, such as “it”.")]})
        source = get_service_request(person=request.user, number=number) if number else None
        voice = services.say(by=request.user, department=department, service_request=source, **values)
        return Response(whole(request.user, voice.pk), status=201, headers={"ETag": api.tag(voice.version)})


class OneVoice(api.Address):
    def find(self, pk: int, **names) -> Voice:
        return selectors.get_voice(person=self.request.user, pk=pk)

    def answer(self, request: Request) -> Response:
        found = whole(request.user, self.found.pk)
        return Response(found, headers={"ETag": api.tag(found["version"])})


@extend_schema(tags=["Voices"])
@extend_schema_view(
    get=extend_schema(
        operation_id="voices_read",
        summary="What was said, and what came of it",
        responses={200: VoicePageShape, **api.refusals(404)},
    )
)
class VoiceAddress(OneVoice):
    def get(self, request: Request, **names) -> Response:
        return self.answer(request)


@extend_schema(tags=["Voices"])
@extend_schema_view(
    post=extend_schema(
        operation_id="voices_step",
        summary="Take a step, as `steps` names those the caller could take",
        description="answer, accept, disagree, withdraw, appeal, escalate (a complaint without an answer in time), "
        "decide, take_up, decline, carry_out. All but accept and withdraw need a note.",
        parameters=[api.IDEMPOTENCY_KEY, api.IF_MATCH],
        request=VoiceStepBody,
        responses={200: VoicePageShape, **api.refusals(403, 404, 409, 412, 422)},
    )
)
class VoiceSteps(OneVoice):
    @once
    def post(self, request: Request, **names) -> Response:
        values = self.body(VoiceStepBody)
        services.take_step(
            by=request.user, voice=self.found, name=values["step"], note=values.get("note", ""),
            expected_version=api.expected_version(request),
        )  # fmt: skip
        return self.answer(request)


@extend_schema(tags=["Voices"])
@extend_schema_view(
    post=extend_schema(
        operation_id="voices_vote",
        summary="Want a suggestion too, or no longer",
        parameters=[api.IDEMPOTENCY_KEY],
        request=VoteBody,
        responses={200: VoicePageShape, **api.refusals(403, 404, 409, 422)},
    )
)
class VoiceVote(OneVoice):
    @once
    def post(self, request: Request, **names) -> Response:
        services.vote(by=request.user, voice=self.found, wanted=self.body(VoteBody).get("wanted", True))
        return self.answer(request)


class PostShape(api.Shape):
    id = serializers.IntegerField()
    author = serializers.CharField()
    body = serializers.CharField(help_text="Empty: taken back.")
    at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class PostBody(api.StrictSerializer):
    body = api.Text(max_length=LONGEST_TEXT)


def post_shape(post: Post) -> dict:
    return {
        "id": post.pk, "author": post.author.name, "body": post.body, "at": post.at, "withdrawn_at": post.withdrawn_at,
    }  # fmt: skip


@extend_schema(tags=["Voices"])
@extend_schema_view(
    get=extend_schema(
        operation_id="voices_posts",
        summary="What is said below a suggestion, newest first",
        parameters=[api.PageQuery],
        responses={200: api.page_of(PostShape), **api.refusals(404)},
    ),
    post=extend_schema(
        operation_id="voices_discuss",
        summary="Say something below a suggestion",
        parameters=[api.IDEMPOTENCY_KEY],
        request=PostBody,
        responses={201: PostShape, **api.refusals(403, 404, 409, 422)},
    ),
)
class VoicePosts(OneVoice):
    def get(self, request: Request, **names) -> Response:
        return self.page(selectors.posts_of(self.found), ("-pk",), post_shape)

    @once
    def post(self, request: Request, **names) -> Response:
        made = discussing.add_post(by=request.user, voice=self.found, body=self.body(PostBody)["body"])
        return Response(post_shape(made), status=201)


@extend_schema(tags=["Voices"])
@extend_schema_view(
    post=extend_schema(
        operation_id="voices_withdraw_post",
        summary="Take back what you said below a suggestion",
        parameters=[api.IDEMPOTENCY_KEY],
        request=None,
        responses={200: PostShape, **api.refusals(403, 404, 409)},
    )
)
class VoicePostWithdraw(OneVoice):
    @once
    def post(self, request: Request, **names) -> Response:
        return Response(post_shape(discussing.withdraw_post(by=request.user, voice=self.found, pk=names["post"])))


urlpatterns = [
    path("voices/", VoiceList.as_view(), name="voices"),
    path("voices/<row:pk>/", VoiceAddress.as_view(), name="voice"),
    path("voices/<row:pk>/steps/", VoiceSteps.as_view(), name="voice_steps"),
    path("voices/<row:pk>/vote/", VoiceVote.as_view(), name="voice_vote"),
    path("voices/<row:pk>/posts/", VoicePosts.as_view(), name="voice_posts"),
    path("voices/<row:pk>/posts/<row:post>/withdraw/", VoicePostWithdraw.as_view(), name="voice_post_withdraw"),
]
