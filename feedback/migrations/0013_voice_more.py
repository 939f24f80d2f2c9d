"""Appeals, confidential complaints, what is said below suggestions, and how often a late answer was told."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0012_talks_declared"),
        ("requests_app", "0008_work_logs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("body", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "db_table": "voice_post",
            },
        ),
        migrations.RemoveConstraint(
            model_name="voice",
            name="voice_lives_as_its_kind",
        ),
        migrations.AddField(
            model_name="voice",
            name="appeal_due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="voice",
            name="appealed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="voice",
            name="arbiter",
            field=models.ForeignKey(
                blank=True,
                help_text="Who decides the appeal.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="voice",
            name="confidential",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="voice",
            name="decided_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="voice",
            name="decision",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="voice",
            name="late_level",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="How often it was told that the answer, or the decision, is late."
            ),
        ),
        migrations.AlterField(
            model_name="voice",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "Waits for an answer"),
                    ("answered", "Answered"),
                    ("closed", "Settled"),
                    ("withdrawn", "Taken back"),
                    ("taken_up", "Taken up"),
                    ("declined", "Not taken up"),
                    ("done", "Carried out"),
                    ("shown", "On the wall"),
                    ("appealed", "Waits for a decision"),
                    ("decided", "Decided"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="voice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "complaint"),
                        ("state__in", ("open", "answered", "closed", "withdrawn", "appealed", "decided")),
                    ),
                    models.Q(
                        ("kind", "suggestion"), ("state__in", ("open", "taken_up", "declined", "done", "withdrawn"))
                    ),
                    models.Q(("kind", "praise"), ("state__in", ("shown", "withdrawn"))),
                    _connector="OR",
                ),
                name="voice_lives_as_its_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="voice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confidential", False),
                    models.Q(("customer__isnull", True), ("kind", "complaint")),
                    _connector="OR",
                ),
                name="only_complaints_are_confidential",
            ),
        ),
        migrations.AddConstraint(
            model_name="voice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("appeal_due_at__isnull", True), ("appealed_at__isnull", True)),
                    models.Q(
                        ("appeal_due_at__isnull", False),
                        ("appealed_at__isnull", False),
                        ("state__in", ["appealed", "decided"]),
                    ),
                    _connector="OR",
                ),
                name="appeal_is_due_and_final",
            ),
        ),
        migrations.AddConstraint(
            model_name="voice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["appealed", "decided"]), _negated=True),
                    ("appealed_at__isnull", False),
                    _connector="OR",
                ),
                name="decided_voice_was_appealed",
            ),
        ),
        migrations.AddConstraint(
            model_name="voice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", False), ("state", "decided"), models.Q(("decision", ""), _negated=True)
                    ),
                    models.Q(
                        models.Q(("state", "decided"), _negated=True), ("decided_at__isnull", True), ("decision", "")
                    ),
                    _connector="OR",
                ),
                name="decided_voice_says_what",
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="voice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="posts", to="feedback.voice"
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["voice", "-id"], name="post_below_voice"),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["author", "-at"], name="post_of_author"),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), models.Q(("body", ""), _negated=True)),
                    models.Q(("body", ""), ("withdrawn_at__isnull", False)),
                    _connector="OR",
                ),
                name="post_says_something_or_is_gone",
            ),
        ),
    ]
