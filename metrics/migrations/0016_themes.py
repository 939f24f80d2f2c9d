import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0015_cells_as_sketches"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("department_id", models.BigIntegerField()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("said", "Comments on ratings, complaints, suggestions and praise"),
                            ("answers", "Answers in words to surveys"),
                        ],
                        max_length=8,
                    ),
                ),
                ("first", models.DateField()),
                ("end", models.DateField()),
                ("texts", models.PositiveIntegerField(default=0)),
                ("before", models.PositiveIntegerField(default=0)),
                ("agreed", models.PositiveIntegerField(default=0)),
                ("compared", models.PositiveIntegerField(default=0)),
                ("computed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "metrics_reading",
                "constraints": [
                    models.UniqueConstraint(fields=("department_id", "source"), name="one_reading_of_a_source"),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["said", "answers"])), name="reading_source_is_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("first__lt", models.F("end"))), name="reading_has_days"),
                    models.CheckConstraint(
                        condition=models.Q(("agreed__lte", models.F("compared"))), name="reading_agrees_in_some_of_all"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecurringNeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service_id", models.BigIntegerField()),
                ("anchor", models.BigIntegerField(unique=True)),
                ("words", models.JSONField(default=list)),
                ("first", models.DateField()),
                ("end", models.DateField()),
                ("n", models.PositiveIntegerField()),
                ("before", models.PositiveIntegerField()),
                ("customers", models.PositiveIntegerField()),
                (
                    "change",
                    models.CharField(
                        blank=True, choices=[("rises", "more often"), ("falls", "less often")], default="", max_length=5
                    ),
                ),
                ("p", models.FloatField()),
                ("computed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "metrics_recurringneed",
                "indexes": [models.Index(fields=["service_id", "-n"], name="needs_of_a_service")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("n__gte", 5)), name="need_recurs"),
                    models.CheckConstraint(condition=models.Q(("words", []), _negated=True), name="need_has_a_name"),
                    models.CheckConstraint(
                        condition=models.Q(("change__in", ["", "rises", "falls"])), name="need_change_is_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Theme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
                (
                    "concept",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("slow", "It takes long"),
                            ("fast", "It goes fast"),
                            ("silence", "No word in between"),
                            ("passed", "Passed from one to the next"),
                            ("manner", "How people are treated"),
                            ("result", "What was delivered"),
                            ("clear", "How clearly it is told"),
                            ("price", "What it costs"),
                            ("form", "Forms and approvals"),
                            ("reach", "Whether somebody can be reached"),
                            ("devices", "Devices"),
                            ("access", "Access"),
                            ("rooms", "Rooms"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("words", models.JSONField(default=list)),
                ("n", models.PositiveIntegerField()),
                ("people", models.PositiveIntegerField()),
                ("before", models.PositiveIntegerField(null=True)),
                (
                    "change",
                    models.CharField(
                        blank=True, choices=[("rises", "more often"), ("falls", "less often")], default="", max_length=5
                    ),
                ),
                ("p", models.FloatField(null=True)),
                ("tone", models.FloatField(null=True)),
                ("toned", models.PositiveIntegerField(default=0)),
                ("score", models.FloatField(null=True)),
                ("scored", models.PositiveIntegerField(default=0)),
                (
                    "reading",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="themes", to="metrics.reading"
                    ),
                ),
            ],
            options={
                "db_table": "metrics_theme",
                "constraints": [
                    models.UniqueConstraint(fields=("reading", "place"), name="one_theme_a_place"),
                    models.CheckConstraint(
                        condition=models.Q(("n__gte", models.F("people")), ("people__gte", 5)),
                        name="theme_is_of_enough_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("concept", ""), ("words", []), _negated=True), name="theme_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tone", None), ("tone__range", (-1, 1)), _connector="OR"),
                        name="theme_tone_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("change", ""),
                            models.Q(("change__in", ["rises", "falls"]), ("p__isnull", False)),
                            _connector="OR",
                        ),
                        name="theme_change_was_tested",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ThemeText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=6)),
                ("text_id", models.BigIntegerField()),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="metrics.theme"
                    ),
                ),
            ],
            options={
                "db_table": "metrics_themetext",
                "constraints": [
                    models.UniqueConstraint(fields=("theme", "kind", "text_id"), name="one_text_in_a_theme"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["rating", "voice"])), name="theme_text_is_of_somebody_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NeedRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request_id", models.BigIntegerField()),
                (
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="requests", to="metrics.recurringneed"
                    ),
                ),
            ],
            options={
                "db_table": "metrics_needrequest",
                "constraints": [models.UniqueConstraint(fields=("need", "request_id"), name="one_request_in_a_need")],
            },
        ),
    ]
