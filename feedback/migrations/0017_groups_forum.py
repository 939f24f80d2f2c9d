"""Joint groups and the open forum."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import requests_app.desk.models.requests
from feedback.migrations import _groups


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0016_voices_more"),
        ("requests_app", "0008_work_logs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="JointGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("goal", models.TextField(help_text="What is to be true afterwards.", max_length=4000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("forming", "Forming"),
                            ("at_work", "At work"),
                            ("finished", "Finished"),
                            ("given_up", "Given up"),
                        ],
                        default="forming",
                        max_length=8,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(help_text="The last day of the period.")),
                (
                    "every_weeks",
                    models.PositiveSmallIntegerField(default=2, help_text="Between two meetings; 0: at will."),
                ),
                ("zone", models.CharField(max_length=60)),
                ("result", models.TextField(blank=True, default="")),
                ("reason", models.TextField(blank=True, default="", help_text="Why it was given up.")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("founded_at", models.DateTimeField()),
                (
                    "founded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "groups_group",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["forming", "at_work", "finished", "given_up"])),
                        name="group_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True), models.Q(("goal", ""), _negated=True)
                        ),
                        name="group_has_name_and_goal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="group_ends_after_it_starts"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("every_weeks__lte", 26)), name="group_meets_twice_a_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "finished"), _negated=True),
                            models.Q(("result", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="finished_group_says_its_result",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "given_up"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="given_up_group_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state__in", ("forming", "at_work"))),
                            models.Q(
                                models.Q(("state__in", ("forming", "at_work")), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="ended_group_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("leads", models.BooleanField(default=False)),
                ("joined_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="requests_app.department"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="feedback.jointgroup"
                    ),
                ),
            ],
            options={
                "db_table": "groups_member",
                "indexes": [
                    models.Index(
                        condition=models.Q(("left_at__isnull", True)), fields=["person"], name="groups_of_person"
                    ),
                    models.Index(
                        condition=models.Q(("left_at__isnull", True)),
                        fields=["department"],
                        name="groups_of_department",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("group", "person"), name="person_sits_once_in_a_group"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "Planned"), ("held", "Held"), ("cancelled", "Called off")],
                        default="planned",
                        max_length=9,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("starts_at", models.DateTimeField()),
                ("minutes", models.PositiveSmallIntegerField(default=60)),
                ("place", models.CharField(blank=True, default="", max_length=200)),
                ("notes", models.TextField(blank=True, default="", help_text="Its minutes.")),
                ("decisions", models.TextField(blank=True, default="", help_text="One a line.")),
                ("reason", models.TextField(blank=True, default="", help_text="Why it was called off.")),
                ("held_at", models.DateTimeField(blank=True, null=True)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="meetings", to="feedback.jointgroup"
                    ),
                ),
                (
                    "present",
                    models.ManyToManyField(db_table="groups_present", related_name="+", to="feedback.groupmember"),
                ),
            ],
            options={
                "db_table": "groups_meeting",
                "indexes": [
                    models.Index(fields=["group", "-starts_at"], name="meetings_of_group"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["planned", "held", "cancelled"])),
                        name="group_meeting_state_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "planned")), fields=("group",), name="one_group_meeting_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("held_at__isnull", False), ("state", "held")),
                            models.Q(models.Q(("state", "held"), _negated=True), ("held_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="held_group_meeting_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="cancelled_group_meeting_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__range", (1, 480))), name="group_meeting_ends_the_same_day"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=300)),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("to_do", "To do"), ("doing", "Doing"), ("done", "Done")],
                        default="to_do",
                        max_length=5,
                    ),
                ),
                ("given_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="feedback.groupmember"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="feedback.meeting",
                    ),
                ),
            ],
            options={
                "db_table": "groups_task",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "done"), _negated=True),
                        fields=["owner", "due_on"],
                        name="open_tasks_of_member",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["to_do", "doing", "done"])), name="group_task_state_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="group_task_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", False), ("state", "done")),
                            models.Q(models.Q(("state", "done"), _negated=True), ("done_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="done_group_task_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("body", models.TextField()),
                ("said_at", models.DateTimeField()),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("hidden_at", models.DateTimeField(blank=True, null=True)),
                ("hidden_reason", models.TextField(blank=True, default="")),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=requests_app.desk.models.requests.SearchText(models.F("body")),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "forum_reply",
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("question", "Question"), ("discussion", "Discussion")], max_length=10),
                ),
                ("title", models.CharField(max_length=200)),
                ("body", models.TextField(blank=True, default="")),
                ("subject", models.CharField(blank=True, default="", help_text="In a word or two.", max_length=40)),
                ("said_at", models.DateTimeField()),
                ("last_at", models.DateTimeField(help_text="Of the newest reply, else its own.")),
                ("replies_count", models.PositiveIntegerField(default=0)),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("hidden_at", models.DateTimeField(blank=True, null=True)),
                ("hidden_reason", models.TextField(blank=True, default="")),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=requests_app.desk.models.requests.SearchText(
                            django.db.models.functions.text.Concat(
                                models.F("title"),
                                models.Value(" "),
                                models.F("subject"),
                                models.Value(" "),
                                models.F("body"),
                                output_field=models.TextField(),
                            )
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "answer",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="feedback.reply",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        help_text="To whom it is put.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="requests_app.department",
                    ),
                ),
            ],
            options={
                "db_table": "forum_topic",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["search"], name="topic_search"),
                    models.Index(fields=["-last_at", "-id"], name="topics_newest"),
                    models.Index(
                        condition=models.Q(("answer__isnull", True), ("hidden_at__isnull", True), ("kind", "question")),
                        fields=["department", "said_at"],
                        name="questions_waiting",
                    ),
                    models.Index(fields=["author", "-said_at"], name="topics_of_author"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["question", "discussion"])), name="topic_kind_is_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="topic_has_a_title"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer__isnull", True), ("answered_at__isnull", True)),
                            models.Q(("answer__isnull", False), ("answered_at__isnull", False), ("kind", "question")),
                            _connector="OR",
                        ),
                        name="only_questions_are_answered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("hidden_at__isnull", True), ("hidden_reason", "")),
                            models.Q(("hidden_at__isnull", False), models.Q(("hidden_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="hidden_topic_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(blank=True, default="", max_length=200)),
                ("body", models.TextField(blank=True, default="")),
                ("until", models.DateTimeField(help_text="When it was changed.")),
                (
                    "reply",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="feedback.reply",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="feedback.topic"
                    ),
                ),
            ],
            options={
                "db_table": "forum_revision",
                "indexes": [
                    models.Index(fields=["topic", "id"], name="revisions_of_topic"),
                ],
            },
        ),
        migrations.AddField(
            model_name="reply",
            name="topic",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="replies", to="feedback.topic"
            ),
        ),
        migrations.CreateModel(
            name="Follow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="follows", to="feedback.topic"
                    ),
                ),
            ],
            options={
                "db_table": "forum_follow",
                "indexes": [
                    models.Index(fields=["person"], name="follows_of_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("topic", "person"), name="one_follows_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="WallCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="feedback.jointgroup"
                    ),
                ),
            ],
            options={
                "db_table": "groups_wallcheck",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("group",),
                        name="one_open_wall_check_a_group",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True), ("closed_at__gte", models.F("opened_at")), _connector="OR"
                        ),
                        name="wall_check_closes_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WallAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("budget", models.PositiveSmallIntegerField()),
                ("schedule", models.PositiveSmallIntegerField()),
                ("specification", models.PositiveSmallIntegerField()),
                ("customer", models.PositiveSmallIntegerField()),
                ("goals", models.PositiveSmallIntegerField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="feedback.groupmember"
                    ),
                ),
                (
                    "check_round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="feedback.wallcheck"
                    ),
                ),
            ],
            options={
                "db_table": "groups_wallanswer",
                "constraints": [
                    models.UniqueConstraint(fields=("check_round", "member"), name="one_wall_answer_a_member"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("budget__range", (1, 5)),
                            ("customer__range", (1, 5)),
                            ("goals__range", (1, 5)),
                            ("schedule__range", (1, 5)),
                            ("specification__range", (1, 5)),
                        ),
                        name="wall_answer_from_1_to_5",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="reply",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search"], name="forum_reply_search"),
        ),
        migrations.AddIndex(
            model_name="reply",
            index=models.Index(fields=["topic", "id"], name="replies_of_topic"),
        ),
        migrations.AddIndex(
            model_name="reply",
            index=models.Index(fields=["author", "-said_at"], name="forum_replies_of_author"),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(("body", ""), _negated=True), name="forum_reply_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("hidden_at__isnull", True), ("hidden_reason", "")),
                    models.Q(("hidden_at__isnull", False), models.Q(("hidden_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="hidden_forum_reply_says_why",
            ),
        ),
        _groups.OPERATION,
    ]
