"""What goes in and comes out of the addresses of talks."""

from rest_framework import serializers

from feedback.talks import selectors
from feedback.talks.models import Talk, TalkItem, TalkSeries
from feedback.talks.states import (
    LONGEST_LINE,
    LONGEST_MINUTES,
    LONGEST_NOTES,
    LONGEST_PLACE,
    LONGEST_REASON,
    MOST_WEEKS,
    STEPS,
    Kind,
    Point,
    State,
)
from requests_app.agreements.states import Side
from requests_app.kernel import api
from requests_app.kernel.versions import fingerprint
from requests_app.org.models import Person

LINES = [(str(kind), str(kind)) for kind in (Point.OWN, Point.DECISION, Point.TASK, Point.CORRECTION)]


class TalkSeriesShape(api.Shape):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Kind.choices)
    supplier = serializers.CharField()
    customer = serializers.CharField()
    every_weeks = serializers.IntegerField(help_text="0: at will.")
    weekday = serializers.IntegerField(allow_null=True, help_text="0 is Monday.")
    at_time = serializers.CharField(allow_null=True, help_text="Wall time in the zone, such as 10:00.")
    zone = serializers.CharField()
    minutes = serializers.IntegerField()
    place = serializers.CharField()
    is_active = serializers.BooleanField()
    next = serializers.IntegerField(allow_null=True, help_text="The talk that is planned or under way.")


class TalkSeriesPageShape(TalkSeriesShape):
    people = serializers.ListField(
        child=serializers.EmailField(), help_text="Invited besides the heads of both departments."
    )
    version = serializers.IntegerField(help_text="Counts changes of the series.")


class MeetingShape(api.Shape):
    id = serializers.IntegerField()
    series = serializers.IntegerField()
    kind = serializers.ChoiceField(Kind.choices)
    supplier = serializers.CharField()
    customer = serializers.CharField()
    state = serializers.ChoiceField(State.choices)
    starts_at = serializers.DateTimeField()
    begun_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    version = serializers.IntegerField()


class MeetingPointShape(api.Shape):
    kind = serializers.ChoiceField(Point.choices)
    text = serializers.CharField()
    more = serializers.CharField()
    url = serializers.CharField(help_text="The page it leads to; empty: none.")


class MeetingLineShape(api.Shape):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(LINES)
    text = serializers.CharField()
    owner = serializers.EmailField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    corrective_action = serializers.IntegerField(allow_null=True)


class MeetingNotesShape(api.Shape):
    side = serializers.ChoiceField(Side.choices)
    text = serializers.CharField()
    based_on = serializers.CharField(help_text="Send it back with the minutes, so that nobody's words are lost.")


class MeetingPageShape(MeetingShape):
    agenda = MeetingPointShape(many=True, help_text="Without what you may not see.")
    lines = MeetingLineShape(many=True)
    minutes = MeetingNotesShape(many=True)
    invited = serializers.ListField(child=serializers.EmailField())
    present = serializers.ListField(child=serializers.EmailField())


def series_of(line: selectors.SeriesLine) -> dict:
    row = line.series
    return {
        "id": row.pk,
        "kind": row.kind,
        "supplier": row.supplier.slug,
        "customer": row.customer.slug,
        "every_weeks": row.every_weeks,
        "weekday": row.weekday,
        "at_time": f"{row.at_time:%H:%M}" if row.at_time else None,
        "zone": row.zone,
        "minutes": row.minutes,
        "place": row.place,
        "is_active": row.is_active,
        "next": line.next.pk if line.next else None,
    }


def series_whole(row: TalkSeries) -> dict:
    people = list(row.people.order_by("email").values_list("email", flat=True))
    told = series_of(selectors.series_lines([row])[0])
    return told | {"people": people, "version": row.version}


def brief(talk: Talk) -> dict:
    series = talk.series
    return {
        "id": talk.pk, "series": series.pk, "kind": series.kind, "supplier": series.supplier.slug,
        "customer": series.customer.slug, "state": talk.state, "starts_at": talk.starts_at, "begun_at": talk.begun_at,
        "ended_at": talk.ended_at, "reason": talk.reason, "version": talk.version,
    }  # fmt: skip


def line_of(item: TalkItem) -> dict:
    return {
        "id": item.pk, "kind": item.kind, "text": item.text, "owner": item.owner.email if item.owner else None,
        "due_on": item.due_on, "done_at": item.done_at, "corrective_action": item.corrective_action_id,
    }  # fmt: skip


def whole(person: Person, pk: int) -> dict:
    page = selectors.talk_page(person=person, pk=pk)
    notes = [selectors.notes_values(page.talk, side) for side in Side.values]
    return brief(page.talk) | {
        "agenda": [{"kind": one.kind, "text": one.text, "more": one.more, "url": one.url} for one in page.agenda],
        "lines": [line_of(item) for item in page.outcomes],
        "minutes": [one | {"based_on": fingerprint(one)} for one in notes],
        "invited": [one.email for one in page.invited],
        "present": [one.email for one in page.present],
    }


class MeetingsQuery(api.PageQuery):
    state = serializers.ChoiceField(State.choices, required=False)
    series = serializers.RegexField(
        "^[1-9][0-9]{0,17}$", required=False, error_messages={"invalid": "Give the number of a series."}
    )


class RhythmBody(api.StrictSerializer):
    every_weeks = api.WholeNumber(min_value=0, max_value=MOST_WEEKS, required=False)
    weekday = api.WholeNumber(min_value=0, max_value=6, required=False)
    at_time = serializers.RegexField(
        "^([01][0-9]|2[0-3]):[0-5][0-9]$",
        required=False,
        help_text="Wall time in the zone, such as 10:00.",
        error_messages={"invalid": "Give a time such as 10:00."},
    )
    zone = api.Text(max_length=60, required=False)
    minutes = api.WholeNumber(min_value=1, max_value=LONGEST_MINUTES, required=False)
    place = api.Text(max_length=LONGEST_PLACE, required=False, allow_blank=True)


class ArrangeTalksBody(RhythmBody):
    kind = serializers.ChoiceField(Kind.choices)
    supplier = api.Slug()
    customer = api.Slug()


class ChangeTalksBody(RhythmBody):
    people = serializers.ListField(child=serializers.EmailField(), required=False, max_length=200)
    is_active = api.YesOrNo(required=False)


class PlanTalkBody(api.StrictSerializer):
    starts_at = api.Moment()


class MeetingStepBody(api.StrictSerializer):
    step = serializers.ChoiceField(STEPS)
    starts_at = api.Moment(required=False, help_text="shift: the new time; end, cancel: when the next talk is.")
    reason = api.Text(max_length=LONGEST_REASON, required=False, help_text="Needed to cancel.")
    present = serializers.ListField(child=serializers.EmailField(), required=False, max_length=200)


class MeetingLineBody(api.StrictSerializer):
    kind = serializers.ChoiceField(LINES)
    text = api.Text(max_length=LONGEST_LINE)
    owner = serializers.EmailField(required=False, help_text="Of a task.")
    due_on = api.Day(required=False, help_text="Of a task.")


class MeetingNotesBody(api.StrictSerializer):
    side = serializers.ChoiceField(Side.choices)
    text = api.Text(max_length=LONGEST_NOTES, allow_blank=True)
    based_on = api.Text(max_length=64, required=False)
