"""What is sent and answered about awards. How many votes anybody has is in no shape."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from feedback.awards import keeping, selectors
from feedback.awards.models import Award, Nominee, Programme
from feedback.awards.states import (
    LONGEST_NAME,
    LONGEST_REASON,
    LONGEST_TEXT,
    MOST_WEIGHT,
    STEPS,
    Criterion,
    How,
    Outcome,
    Reason,
    State,
    Tie,
    Unit,
    Way,
)
from requests_app.kernel import api

STEP_NAMES = [(name, name) for name in STEPS]


class AwardWeightShape(api.Shape):
    criterion = serializers.ChoiceField(Criterion.choices)
    weight = serializers.IntegerField()


class AwardProgrammeShape(api.Shape):
    id = serializers.IntegerField()
    name = serializers.CharField()
    text = serializers.CharField()
    given_to = serializers.ChoiceField(Unit.choices)
    way = serializers.ChoiceField(Way.choices)
    tie = serializers.ChoiceField(Tie.choices)
    fewest_requests = serializers.IntegerField()
    most_requests = serializers.IntegerField(allow_null=True)
    fewest_response = serializers.IntegerField(help_text="Percent.")
    most_flagged = serializers.IntegerField(help_text="Percent.")
    weights = AwardWeightShape(many=True)
    jury = serializers.ListField(child=serializers.CharField(), help_text="Addresses.")
    is_active = serializers.BooleanField()
    version = serializers.IntegerField()


class AwardWonShape(api.Shape):
    department = serializers.CharField()
    certificate = serializers.CharField(help_text="Where the PDF is.")


class AwardShape(api.Shape):
    id = serializers.IntegerField()
    programme = serializers.IntegerField()
    name = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()
    way = serializers.ChoiceField(Way.choices)
    nominate_until = serializers.DateField(allow_null=True)
    vote_until = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(State.choices)
    outcome = serializers.ChoiceField(Outcome.choices, allow_null=True, help_text="null: not known yet to you.")
    how = serializers.ChoiceField(How.choices, allow_null=True)
    winners = AwardWonShape(many=True)


class NominationShape(api.Shape):
    person = serializers.CharField()
    reason = serializers.CharField()
    at = serializers.DateTimeField()


class NomineeShape(api.Shape):
    id = serializers.IntegerField()
    department = serializers.CharField()
    by_figures = serializers.BooleanField()
    nominations = NominationShape(many=True)


class AwardPartShape(api.Shape):
    criterion = serializers.CharField()
    n = serializers.IntegerField()
    counted = serializers.FloatField(allow_null=True, help_text="A share; of times hours.")
    value = serializers.FloatField(allow_null=True, help_text="Pulled in toward all.")
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    part = serializers.FloatField(help_text="In standard deviations between units.")


class AwardScoreShape(api.Shape):
    department = serializers.CharField()
    place = serializers.IntegerField(allow_null=True, help_text="null: not eligible")
    reasons = serializers.ListField(child=serializers.ChoiceField(Reason.choices), help_text="Why it is not eligible.")
    requests = serializers.IntegerField()
    ratings_asked = serializers.IntegerField()
    ratings_given = serializers.IntegerField()
    score = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    chance = serializers.FloatField(help_text="To be the best, from 10,000 draws.")
    parts = AwardPartShape(many=True, help_text="Empty where they are not yours to read.")


class AwardPageShape(AwardShape):
    weights = AwardWeightShape(many=True)
    seed = serializers.IntegerField()
    method = serializers.CharField()
    jury = serializers.ListField(child=serializers.CharField())
    nominees = NomineeShape(many=True)
    scores = AwardScoreShape(many=True, help_text="As far as you may read them.")
    may_vote = serializers.BooleanField()
    has_voted = serializers.BooleanField(help_text="Whether you have; of others nobody is told.")
    steps = serializers.ListField(child=serializers.CharField(), help_text="What you could do now.")


class AwardsQuery(api.PageQuery):
    state = serializers.ChoiceField(State.choices, required=False, help_text="announced: the hall of fame")
    won_by = api.Slug(required=False, help_text="Announced, and won by this department or a part of it.")


class AwardWeightBody(api.StrictSerializer):
    criterion = serializers.ChoiceField(Criterion.choices)
    weight = serializers.IntegerField(min_value=1, max_value=MOST_WEIGHT)


class AwardProgrammeBody(api.StrictSerializer):
    name = api.Text(max_length=LONGEST_NAME)
    text = api.Text(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    given_to = serializers.ChoiceField(Unit.choices, required=False)
    way = serializers.ChoiceField(Way.choices, required=False)
    tie = serializers.ChoiceField(Tie.choices, required=False)
    fewest_requests = serializers.IntegerField(min_value=1, max_value=10**9, required=False)
    most_requests = serializers.IntegerField(min_value=1, max_value=10**9, required=False, allow_null=True)
    fewest_response = serializers.IntegerField(min_value=0, max_value=100, required=False)
    most_flagged = serializers.IntegerField(min_value=1, max_value=100, required=False)
    weights = AwardWeightBody(many=True)
    jury = serializers.ListField(child=api.Text(max_length=254), required=False, max_length=200)
    is_active = api.YesOrNo(required=False)


class AwardBody(api.StrictSerializer):
    programme = serializers.IntegerField(min_value=1, max_value=2**62)
    first = serializers.DateField()
    last = serializers.DateField()
    nominate_until = serializers.DateField(required=False)
    vote_until = serializers.DateField(required=False)


class NominationBody(api.StrictSerializer):
    department = api.Slug()
    reason = api.Text(max_length=LONGEST_REASON)


class BallotBody(api.StrictSerializer):
    nominee = serializers.IntegerField(min_value=1, max_value=2**62, help_text="Id of one of the nominees.")


class AwardStepBody(api.StrictSerializer):
    step = serializers.ChoiceField(STEP_NAMES)
    note = api.Text(max_length=LONGEST_REASON, required=False, allow_blank=True)


def programme_shape(row: Programme) -> dict[str, Any]:
    kept = {name: getattr(row, name) for name in keeping.KEPT if name != "unit"}
    return kept | {
        "id": row.pk, "given_to": row.unit, "version": row.version, "weights": _weights(keeping.weights_of(row)),
        "jury": sorted(one.email for one in row.jury.all()),
    }  # fmt: skip


def _weights(weights: dict[str, int]) -> list[dict[str, Any]]:
    return [{"criterion": key, "weight": weight} for key, weight in sorted(weights.items())]


def award_shape(award: Award, *, result: bool) -> dict[str, Any]:
    """`result`: whether the reader knows the outcome. Wants the award with its `winners`."""
    names = ("first", "last", "way", "nominate_until", "vote_until", "state")
    told = bool(result and award.outcome)
    return {name: getattr(award, name) for name in names} | {
        "id": award.pk, "programme": award.programme_id, "name": award.programme.name,
        "outcome": award.outcome if told else None, "how": award.how if told else None,
        "winners": [_won(one) for one in award.winners] if told else [],
    }  # fmt: skip


def _won(one: Nominee) -> dict[str, str]:
    return {"department": one.department.slug, "certificate": reverse("awards:certificate", args=[one.pk])}


def award_whole(request: Request, pk: int) -> dict[str, Any]:
    page = selectors.award_page(person=request.user, pk=pk, now=timezone.now())
    award = page.award
    return award_shape(award, result=page.shows_result) | {
        "weights": _weights(award.rules["weights"]), "seed": award.seed, "method": award.method,
        "jury": [one.name for one in page.jury],
        "nominees": [_nominee(one) for one in page.nominees],
        "scores": [_score(line) for line in page.lines],
        "may_vote": page.may_vote, "has_voted": page.has_voted, "steps": [step.name for step in page.steps],
    }  # fmt: skip


def _nominee(one: Nominee) -> dict[str, Any]:
    said = [{"person": row.person.name, "reason": row.reason, "at": row.at} for row in one.nominations.all()]
    return {"id": one.pk, "department": one.department.slug, "by_figures": one.by_figures, "nominations": said}


def _score(line: selectors.Line) -> dict[str, Any]:
    row = line.score
    parts = [
        {"criterion": cell.key, "n": cell.n, "counted": cell.raw, "value": cell.value, "low": cell.low,
         "high": cell.high, "part": cell.z}
        for cell in line.cells
    ]  # fmt: skip
    return {
        "department": line.department.slug, "place": line.place, "reasons": row.reasons, "requests": row.n,
        "ratings_asked": row.asked, "ratings_given": row.answered, "score": row.score, "low": row.low,
        "high": row.high, "chance": row.chance, "parts": parts,
    }  # fmt: skip
