"""Corrective actions: a day for every step, a figure they are measured by, and who closed them with what was known."""

from datetime import timedelta

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

DAYS = {"open": 3, "contained": 14, "analysed": 7, "done": 14}
METRIC = {"rejection": "rejected", "rating": "low_ratings"}


def fill(apps, schema_editor):
    """Steps that had no day yet get one counted from the upgrade; since when one is done, the log says."""
    action_model = apps.get_model("feedback", "CorrectiveAction")
    event_model = apps.get_model("requests_app", "Event")
    for row in action_model.objects.exclude(state="cancelled"):
        row.next_due_on = {"planned": row.due_on, "verified": row.check_on, "closed": None}.get(
            row.state, timezone.localdate() + timedelta(days=DAYS.get(row.state, 0))
        )
        done = event_model.objects.filter(subject_kind="action", subject_id=row.pk, kind="action.done").order_by("-at")
        if row.state in ("done", "verified", "closed"):
            row.done_at = done.values_list("at", flat=True).first() or row.verified_at or row.opened_at
        if row.state in ("planned", "done", "verified", "closed"):
            row.metric = METRIC.get(row.source_kind, "complaints")
        row.save(update_fields=["next_due_on", "done_at", "metric"])
    # the columns are constrained next, and a table with changes waiting in its triggers cannot be altered
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def still_there(apps, schema_editor):
    """What was filled goes with its columns."""


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0024_surveys_in_peace"),
        ("requests_app", "0008_work_logs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="correctiveaction", name="action_falls_due"),
        migrations.AddField(
            model_name="correctiveaction",
            name="metric",
            field=models.CharField(
                blank=True,
                choices=[
                    ("requests", "Requests"),
                    ("complaints", "Complaints"),
                    ("rejected", "Deliveries sent back"),
                    ("low_ratings", "Low ratings"),
                ],
                default="",
                help_text="What shows whether it worked.",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="correctiveaction",
            name="target_percent",
            field=models.PositiveSmallIntegerField(default=50, help_text="By how much that is to fall."),
        ),
        migrations.AddField(
            model_name="correctiveaction",
            name="next_due_on",
            field=models.DateField(blank=True, help_text="Until when the next step is to be taken.", null=True),
        ),
        migrations.AddField(
            model_name="correctiveaction",
            name="done_at",
            field=models.DateTimeField(blank=True, help_text="From when on it is in effect.", null=True),
        ),
        migrations.AddField(
            model_name="correctiveaction",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="correctiveaction",
            name="effect",
            field=models.JSONField(
                blank=True, help_text="The figure before and after, as it was when closed.", null=True
            ),
        ),
        migrations.RunPython(fill, still_there),
        migrations.AddIndex(
            model_name="correctiveaction",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)), fields=["next_due_on"], name="action_falls_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="correctiveaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_by__isnull", True),
                    models.Q(("closed_by", models.F("owner")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_closes_their_own",
            ),
        ),
        migrations.AddConstraint(
            model_name="correctiveaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("next_due_on__isnull", True), ("state__in", ("closed", "cancelled"))),
                    models.Q(
                        models.Q(("state__in", ("closed", "cancelled")), _negated=True), ("next_due_on__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="open_action_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="correctiveaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "planned"), _negated=True), ("next_due_on", models.F("due_on")), _connector="OR"
                ),
                name="planned_action_keeps_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="correctiveaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "verified"), _negated=True),
                    ("next_due_on", models.F("check_on")),
                    _connector="OR",
                ),
                name="confirmed_action_keeps_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="correctiveaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("metric", ""), ("state__in", ("open", "contained", "cancelled", "analysed"))),
                    ("metric__in", ["requests", "complaints", "rejected", "low_ratings"]),
                    _connector="OR",
                ),
                name="planned_action_says_its_metric",
            ),
        ),
        migrations.AddConstraint(
            model_name="correctiveaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("target_percent__range", (1, 100))), name="action_target_is_a_share"
            ),
        ),
        migrations.AddConstraint(
            model_name="correctiveaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("done", "verified", "closed")), _negated=True),
                    ("done_at__isnull", False),
                    _connector="OR",
                ),
                name="done_action_says_since_when",
            ),
        ),
    ]
