"""Causes can be proposed for the tree."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def keep_as_closed(apps, _schema_editor):
    """Only on the way back: what is no part of the tree stays as a closed cause, under a name that is free."""
    for cause in apps.get_model("feedback", "Cause").objects.exclude(state="accepted"):
        cause.name, cause.is_active = f"{cause.name[:100]} ({cause.pk})", False
        cause.save(update_fields=["name", "is_active"])


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0021_groups_forum_more"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="cause",
            name="cause_named_once",
        ),
        migrations.AddField(
            model_name="cause",
            name="decided_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="cause",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="cause",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="feedback.cause",
            ),
        ),
        migrations.AddField(
            model_name="cause",
            name="proposed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="cause",
            name="proposed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="cause",
            name="proposed_for",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="feedback.correctiveaction",
            ),
        ),
        migrations.AddField(
            model_name="cause",
            name="reason",
            field=models.CharField(blank=True, default="", help_text="Why it was not taken.", max_length=500),
        ),
        migrations.AddField(
            model_name="cause",
            name="state",
            field=models.CharField(
                choices=[
                    ("accepted", "In the tree"),
                    ("proposed", "Proposed"),
                    ("merged", "Merged into another"),
                    ("refused", "Not taken"),
                ],
                default="accepted",
                max_length=8,
            ),
        ),
        migrations.AddIndex(
            model_name="cause",
            index=models.Index(
                condition=models.Q(("state", "proposed")), fields=["proposed_at"], name="cause_to_decide"
            ),
        ),
        migrations.AddConstraint(
            model_name="cause",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "accepted")),
                fields=("parent", "name"),
                name="cause_named_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="cause",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")),
                fields=("parent", "name", "proposed_for", "proposed_by"),
                name="cause_proposed_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="cause",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["accepted", "proposed", "merged", "refused"])),
                name="cause_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="cause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True),
                        ("decided_by__isnull", True),
                        ("proposed_at__isnull", True),
                        ("proposed_by__isnull", True),
                        ("proposed_for__isnull", True),
                        ("state", "accepted"),
                    ),
                    models.Q(
                        ("decided_at__isnull", True),
                        ("decided_by__isnull", True),
                        ("proposed_at__isnull", False),
                        ("proposed_by__isnull", False),
                        ("state", "proposed"),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("proposed_at__isnull", False),
                        ("proposed_by__isnull", False),
                        ("state__in", ["accepted", "merged", "refused"]),
                    ),
                    _connector="OR",
                ),
                name="cause_says_who_proposed_and_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="cause",
            constraint=models.CheckConstraint(
                condition=models.Q(("proposed_for__isnull", True), ("parent__isnull", False), _connector="OR"),
                name="cause_of_an_action_is_below_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="cause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("state", "merged")),
                    models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into__isnull", True)),
                    _connector="OR",
                ),
                name="merged_cause_says_into_which",
            ),
        ),
        migrations.AddConstraint(
            model_name="cause",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("id")), _negated=True), name="cause_not_merged_into_itself"
            ),
        ),
        migrations.AddConstraint(
            model_name="cause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), models.Q(("reason", ""), _negated=True)),
                    models.Q(models.Q(("state", "refused"), _negated=True), ("reason", "")),
                    _connector="OR",
                ),
                name="refused_cause_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="cause",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["accepted", "proposed"]), ("is_active", False), _connector="OR"),
                name="turned_down_cause_is_closed",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, keep_as_closed),
    ]
