"""Themes and recurring needs as they were last found. Derived: every row can be dropped and found again.

Departments, services and requests are named by id without foreign keys, as everywhere in the figures.
"""

from django.db import models
from django.db.models import F, Q

from metrics.themes.states import FEWEST_ALIKE, FLOOR, Change, Concept, Source


class Reading(models.Model):
    """What one department was told from one source: `texts` in the days [first, end), `before` in as many before.

    Counts are 0 while fewer people than the floor stand behind the texts. `agreed` of `compared`: texts whose tone
    points where the rating beside them does.
    """

    department_id = models.BigIntegerField()
    source = models.CharField(max_length=8, choices=Source.choices)
    first = models.DateField()
    end = models.DateField()
    texts = models.PositiveIntegerField(default=0)
    before = models.PositiveIntegerField(default=0)
    agreed = models.PositiveIntegerField(default=0)
    compared = models.PositiveIntegerField(default=0)
    computed_at = models.DateTimeField()

    class Meta:
        db_table = "metrics_reading"
        constraints = [
            models.UniqueConstraint(fields=["department_id", "source"], name="one_reading_of_a_source"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="reading_source_is_known"),
            models.CheckConstraint(condition=Q(first__lt=F("end")), name="reading_has_days"),
            models.CheckConstraint(condition=Q(agreed__lte=F("compared")), name="reading_agrees_in_some_of_all"),
        ]

    def __str__(self) -> str:
        return f"{self.source} of department {self.department_id}"


class Theme(models.Model):
    """A group of similar texts of a reading. Counts are texts of the period; `before` is null where fewer people than
    the floor stood behind it. `tone` and `score` are means over `toned` and `scored` of the texts.

    SECURITY: no theme of fewer people than the floor of its source is ever a row.
    """

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="themes")
    place = models.PositiveSmallIntegerField()
    concept = models.CharField(max_length=10, choices=Concept.choices, blank=True, default="")
    words = models.JSONField(default=list)
    n = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    before = models.PositiveIntegerField(null=True)
    change = models.CharField(max_length=5, choices=Change.choices, blank=True, default="")
    p = models.FloatField(null=True)
    tone = models.FloatField(null=True)
    toned = models.PositiveIntegerField(default=0)
    score = models.FloatField(null=True)
    scored = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "metrics_theme"
        constraints = [
            models.UniqueConstraint(fields=["reading", "place"], name="one_theme_a_place"),
            models.CheckConstraint(
                condition=Q(people__gte=FLOOR[Source.SAID], n__gte=F("people")), name="theme_is_of_enough_people"
            ),
            models.CheckConstraint(condition=~Q(concept="", words=[]), name="theme_has_a_name"),
            models.CheckConstraint(condition=Q(tone=None) | Q(tone__range=(-1, 1)), name="theme_tone_in_range"),
            models.CheckConstraint(
                condition=Q(change="") | Q(change__in=Change.values, p__isnull=False), name="theme_change_was_tested"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.concept} {', '.join(self.words)}".strip()


class ThemeText(models.Model):
    """A comment or a voice in a theme, for whoever may read it anyway. Answers to surveys are never kept here."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="texts")
    kind = models.CharField(max_length=6)
    text_id = models.BigIntegerField()

    class Meta:
        db_table = "metrics_themetext"
        constraints = [
            models.UniqueConstraint(fields=["theme", "kind", "text_id"], name="one_text_in_a_theme"),
            models.CheckConstraint(condition=Q(kind__in=["rating", "voice"]), name="theme_text_is_of_somebody_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.text_id}"


class RecurringNeed(models.Model):
    """Similar requests of one service in the days [first, end). `anchor` is the first of them, which names it."""

    service_id = models.BigIntegerField()
    anchor = models.BigIntegerField(unique=True)
    words = models.JSONField(default=list)
    first = models.DateField()
    end = models.DateField()
    n = models.PositiveIntegerField()
    before = models.PositiveIntegerField()
    customers = models.PositiveIntegerField()
    change = models.CharField(max_length=5, choices=Change.choices, blank=True, default="")
    p = models.FloatField()
    computed_at = models.DateTimeField()

    class Meta:
        db_table = "metrics_recurringneed"
        constraints = [
            models.CheckConstraint(condition=Q(n__gte=FEWEST_ALIKE), name="need_recurs"),
            models.CheckConstraint(condition=~Q(words=[]), name="need_has_a_name"),
            models.CheckConstraint(condition=Q(change__in=["", *Change.values]), name="need_change_is_known"),
        ]
        indexes = [models.Index(fields=["service_id", "-n"], name="needs_of_a_service")]

    def __str__(self) -> str:
        return ", ".join(self.words)


class NeedRequest(models.Model):
    """A request of the period that is part of a recurring need."""

    need = models.ForeignKey(RecurringNeed, on_delete=models.CASCADE, related_name="requests")
    request_id = models.BigIntegerField()

    class Meta:
        db_table = "metrics_needrequest"
        constraints = [models.UniqueConstraint(fields=["need", "request_id"], name="one_request_in_a_need")]

    def __str__(self) -> str:
        return f"request {self.request_id} of need {self.need_id}"
