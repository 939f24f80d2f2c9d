"""Late tasks of groups and questions that wait are told once; what is hidden in the forum is found at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0020_shared_ratings_count")]

    operations = [
        migrations.AddField(
            model_name="grouptask",
            name="late_told_at",
            field=models.DateTimeField(blank=True, help_text="Of this day; another day begins anew.", null=True),
        ),
        migrations.AddField(
            model_name="topic",
            name="waiting_told_at",
            field=models.DateTimeField(blank=True, help_text="That nobody had answered; told once.", null=True),
        ),
        migrations.AddIndex(
            model_name="grouptask",
            index=models.Index(
                condition=models.Q(models.Q(("state", "done"), _negated=True), ("late_told_at__isnull", True)),
                fields=["due_on"],
                name="group_tasks_to_tell_of",
            ),
        ),
        migrations.AddIndex(
            model_name="reply",
            index=models.Index(
                condition=models.Q(("hidden_at__isnull", False)), fields=["topic"], name="forum_replies_hidden"
            ),
        ),
        migrations.AddIndex(
            model_name="topic",
            index=models.Index(
                condition=models.Q(
                    ("answer__isnull", True),
                    ("department__isnull", False),
                    ("hidden_at__isnull", True),
                    ("kind", "question"),
                    ("waiting_told_at__isnull", True),
                ),
                fields=["said_at"],
                name="questions_to_tell_of",
            ),
        ),
        migrations.AddIndex(
            model_name="topic",
            index=models.Index(
                condition=models.Q(("hidden_at__isnull", False)), fields=["-hidden_at"], name="topics_hidden"
            ),
        ),
    ]
