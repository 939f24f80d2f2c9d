"""A report by mail is of any page of figures, and of the company too."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

ABOUT = ("benchmark", "chart", "company", "company-passing", "customer", "outlook", "passing", "process", "relation",
         "scorecard", "supplier")  # fmt: skip
OF_COMPANY = ("benchmark", "company", "company-passing")
SPANS = ["30", "7", "quarter", "year"]


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0013_improvement"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="reportsubscription", name="a_report_is_subscribed_once"),
        migrations.RemoveConstraint(model_name="reportsubscription", name="report_is_one_that_there_is"),
        migrations.RenameField(model_name="reportsubscription", old_name="side", new_name="subject"),
        migrations.AlterField("reportsubscription", "subject", models.CharField(max_length=20)),
        migrations.AlterField(
            "reportsubscription",
            "department",
            models.ForeignKey(
                null=True, blank=True, on_delete=django.db.models.deletion.CASCADE, related_name="+",
                to="requests_app.department",
            ),
        ),
        migrations.AddField("reportsubscription", "more", models.JSONField(default=dict, blank=True)),
        migrations.AddConstraint(
            "reportsubscription",
            models.UniqueConstraint(
                fields=["person", "subject", "department", "more", "form", "rhythm", "span"],
                nulls_distinct=False,
                name="a_report_is_subscribed_once",
            ),
        ),
        migrations.AddConstraint(
            "reportsubscription",
            models.CheckConstraint(
                condition=Q(
                    subject__in=ABOUT, form__in=["pdf", "xlsx", "csv"], rhythm__in=["daily", "weekly", "monthly"],
                    span__in=SPANS,
                ),
                name="report_is_one_that_there_is",
            ),
        ),
        migrations.AddConstraint(
            "reportsubscription",
            models.CheckConstraint(
                condition=Q(subject__in=OF_COMPANY, department=None)
                | (~Q(subject__in=OF_COMPANY) & Q(department__isnull=False)),
                name="report_is_of_a_department_or_the_company",
            ),
        ),
    ]  # fmt: skip
