"""What goes in and out of the API of surveys."""

from rest_framework import serializers

from feedback.surveys.states import LONGEST_TITLE, MOST_EVERY, READY_CHOICES, CampaignState, Kind, Step, Unit
from requests_app.kernel import api
from requests_app.org.states import CustomerKind, Role

BY_LANGUAGE = "By language: en, ru, zh-hans."


class SurveyShape(api.Shape):
    id = serializers.IntegerField()
    title = serializers.CharField()
    department = serializers.CharField(allow_null=True, help_text="null: the company's.")
    ready = serializers.CharField(help_text="After which ready one it was made, if any.")


class SurveyPartShape(api.Shape):
    key = serializers.CharField()
    text = serializers.DictField(child=serializers.CharField(), help_text=BY_LANGUAGE)


class SurveyConditionShape(api.Shape):
    question = serializers.CharField(help_text="Key of an earlier question.")
    answers = serializers.ListField(child=serializers.CharField(), help_text="Keys of answers, or scores.")


class SurveyEndsShape(api.Shape):
    low = serializers.DictField(child=serializers.CharField(), required=False, help_text=BY_LANGUAGE)
    high = serializers.DictField(child=serializers.CharField(), required=False, help_text=BY_LANGUAGE)


class SurveyQuestionShape(api.Shape):
    key = serializers.CharField()
    kind = serializers.ChoiceField(Kind.choices)
    text = serializers.DictField(child=serializers.CharField(), help_text=BY_LANGUAGE)
    required = serializers.BooleanField()
    options = SurveyPartShape(many=True, required=False)
    rows = SurveyPartShape(many=True, required=False)
    ends = SurveyEndsShape(required=False, help_text="What the ends of a scale mean.")
    dimension = serializers.CharField(required=False)
    measure = serializers.CharField(required=False)
    only_if = SurveyConditionShape(required=False, help_text="It is asked only after one of these answers.")


class SurveyPageShape(SurveyShape):
    version = serializers.IntegerField()
    revision = serializers.IntegerField(help_text="Counts changes of the questions.")
    locked = serializers.BooleanField(help_text="Sent already: a change makes the next version.")
    questions = SurveyQuestionShape(many=True)
    lacking = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="By language: keys of questions that lack words in it. Another language stands there instead.",
    )


class CampaignShape(api.Shape):
    id = serializers.IntegerField()
    survey = serializers.IntegerField()
    title = serializers.CharField()
    state = serializers.ChoiceField(CampaignState.choices)
    anonymous = serializers.BooleanField()
    departments = serializers.ListField(child=serializers.CharField())
    roles = serializers.ListField(child=serializers.ChoiceField(Role.choices))
    kinds = serializers.ListField(
        child=serializers.ChoiceField(CustomerKind.choices), help_text="Kinds of customers that are asked; empty: all."
    )
    opens_on = serializers.DateField(allow_null=True)
    closes_on = serializers.DateField()
    remind_after_days = serializers.IntegerField(allow_null=True)
    revision = serializers.IntegerField(help_text="Counts changes while it is prepared.")
    repeat_every = serializers.IntegerField(allow_null=True, help_text="It comes again after so many, by itself.")
    repeat_unit = serializers.CharField(help_text="weeks or months; empty when it does not come again.")
    follows = serializers.IntegerField(allow_null=True, help_text="The campaign that was this one the time before.")
    may_answer = serializers.BooleanField(help_text="Are you asked, and can you answer now?")


class CampaignProgressShape(api.Shape):
    group = serializers.CharField()
    invited = serializers.IntegerField()
    answered = serializers.IntegerField()


class CampaignPageShape(CampaignShape):
    progress = CampaignProgressShape(
        many=True, help_text="Groups of at least five; empty for whoever may not read results."
    )
    steps = serializers.ListField(child=serializers.ChoiceField(Step.choices), help_text="What you could do now.")
    left_in_peace = serializers.IntegerField(
        allow_null=True, help_text="Not asked because they were asked of late; null for whoever may not read results."
    )
    questions = SurveyQuestionShape(many=True, help_text="What is asked; empty while it is prepared.")


class SurveyShareShape(api.Shape):
    answer = serializers.CharField()
    count = serializers.IntegerField()


class SurveyFigureShape(api.Shape):
    group = serializers.CharField(allow_null=True, help_text="null: all together.")
    n = serializers.IntegerField()
    mean = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    shares = SurveyShareShape(many=True)


class SurveyItemShape(api.Shape):
    key = serializers.CharField()
    text = serializers.CharField()
    figures = SurveyFigureShape(many=True, help_text="Only what may be told: never of fewer than five.")
    texts = serializers.ListField(child=serializers.CharField(), help_text="From ten on, in no order.")


class SurveyAlphaShape(api.Shape):
    n = serializers.IntegerField()
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class SurveyStatementShape(api.Shape):
    key = serializers.CharField()
    rest = serializers.FloatField(allow_null=True, help_text="Correlation with the others; negative: asked in reverse?")
    alpha_without = serializers.FloatField(allow_null=True)


class SurveyScaleShape(api.Shape):
    name = serializers.CharField()
    n = serializers.IntegerField(help_text="Whole answers.")
    alpha = SurveyAlphaShape(allow_null=True, help_text="Cronbach's, with Feldt's interval; null below 30 answers.")
    without_straight = SurveyAlphaShape(allow_null=True, help_text="Without those who gave one answer to all.")
    statements = SurveyStatementShape(many=True)


class SurveyGapShape(api.Shape):
    dimension = serializers.CharField()
    n = serializers.IntegerField()
    perception = serializers.FloatField()
    gap = serializers.FloatField()


class SurveyResultsShape(api.Shape):
    campaign = serializers.IntegerField()
    closed = serializers.BooleanField(help_text="Results are told once it has closed.")
    invited = serializers.IntegerField()
    answered = serializers.IntegerField()
    alpha = serializers.FloatField(allow_null=True, help_text="That of the scale where there is one; see `scales`.")
    scales = SurveyScaleShape(many=True, help_text="Statements of one dimension or matrix, which may hang together.")
    straight = serializers.IntegerField(allow_null=True, help_text="Gave one answer to all; null of fewer than five.")
    gaps = SurveyGapShape(many=True)
    gap = serializers.FloatField(allow_null=True, help_text="Of all dimensions, weighted by their points.")
    items = SurveyItemShape(many=True)


class CampaignsQuery(api.PageQuery):
    department = api.Slug(required=False, help_text="Which it asks, or which runs it.")
    by = api.Slug(required=False, help_text="Which runs it.")
    state = serializers.ChoiceField(CampaignState.choices, required=False)


class SurveyBody(api.StrictSerializer):
    title = api.Text(max_length=LONGEST_TITLE)
    department = api.Slug(required=False, help_text="Whose; without it the company's (administrators).")
    ready = serializers.ChoiceField(READY_CHOICES, required=False)


class SurveyPartBody(api.StrictSerializer):
    key = api.Text(max_length=31)
    text = serializers.DictField(child=api.Text(allow_blank=True), help_text=BY_LANGUAGE)


class SurveyConditionBody(api.StrictSerializer):
    question = api.Text(max_length=31)
    answers = serializers.ListField(child=api.Text(max_length=31), max_length=30)


class SurveyEndsBody(api.StrictSerializer):
    low = serializers.DictField(child=api.Text(allow_blank=True), required=False, help_text=BY_LANGUAGE)
    high = serializers.DictField(child=api.Text(allow_blank=True), required=False, help_text=BY_LANGUAGE)


class SurveyQuestionBody(api.StrictSerializer):
    key = api.Text(max_length=31)
    kind = serializers.ChoiceField(Kind.choices)
    text = serializers.DictField(child=api.Text(allow_blank=True), help_text=BY_LANGUAGE)
    required = api.YesOrNo(required=False)
    options = SurveyPartBody(many=True, required=False)
    rows = SurveyPartBody(many=True, required=False)
    ends = SurveyEndsBody(required=False, help_text="What the ends of a scale mean.")
    dimension = api.Text(max_length=31, required=False, allow_blank=True)
    measure = api.Text(max_length=20, required=False, allow_blank=True)
    only_if = SurveyConditionBody(required=False)


class SurveyQuestionsBody(api.StrictSerializer):
    questions = SurveyQuestionBody(many=True)


class CampaignBody(api.StrictSerializer):
    title = api.Text(max_length=LONGEST_TITLE, required=False)
    departments = serializers.ListField(child=api.Slug(), max_length=200)
    roles = serializers.ListField(child=serializers.ChoiceField(Role.choices), required=False, max_length=10)
    kinds = serializers.ListField(child=serializers.ChoiceField(CustomerKind.choices), required=False, max_length=10)
    anonymous = api.YesOrNo(required=False, help_text="true unless said otherwise.")
    opens_on = api.Day(required=False, allow_null=True, help_text="Opens by itself on that day.")
    closes_on = api.Day(help_text="Last day for answers.")
    remind_after_days = api.WholeNumber(min_value=1, max_value=90, required=False, allow_null=True)
    repeat_every = api.WholeNumber(min_value=1, max_value=MOST_EVERY, required=False, allow_null=True)
    repeat_unit = serializers.ChoiceField(Unit.choices, required=False)


class CampaignStepBody(api.StrictSerializer):
    step = serializers.ChoiceField(Step.choices)


class SurveyAnswersBody(api.StrictSerializer):
    answers = serializers.DictField(help_text="By key of the question; of a statement, `question__statement`.")
