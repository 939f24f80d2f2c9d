"""Every address of the product. Pages of the apps, pages that combine them, the API."""

from django.urls import include, path

from requests_app.org.urls import me_patterns

handler400 = "servicedesk.middleware.not_understood"
handler404 = "servicedesk.middleware.api_not_found"
handler500 = "servicedesk.middleware.failed"

urlpatterns = [
    path("api/v1/", include("servicedesk.api")),
    path("accounts/", include("servicedesk.account_urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("health/", include("servicedesk.health.urls")),
    path("", include("feedback.ratings.urls")),
    path("", include("feedback.asking.urls")),
    path("feedback/actions/", include("feedback.actions.urls")),
    path("feedback/forum/", include("feedback.forum.urls")),
    path("feedback/groups/", include("feedback.groups.urls")),
    path("feedback/needs/", include("feedback.needs.urls")),
    path("feedback/surveys/", include("feedback.surveys.urls")),
    path("feedback/talks/", include("feedback.talks.urls")),
    path("", include("feedback.chain.urls")),
    path("feedback/training/", include("feedback.training.urls")),
    path("feedback/awards/", include("feedback.awards.urls")),
    path("feedback/voices/", include("feedback.voice.urls")),
    path("", include("servicedesk.look.urls")),
    path("agreements/", include("requests_app.agreements.negotiation.urls")),
    path("settings/", include("servicedesk.pages.settings.urls")),
    path("capacity/", include("requests_app.capacity.urls")),
    path("me/", include((me_patterns, "me"))),
    path("agreements/", include("metrics.whatif.urls")),
    path("", include("metrics.dashboards.urls")),
    path("", include("metrics.process.urls")),
    path("", include("metrics.chain.urls")),
    path("", include("metrics.mending.urls")),
    path("", include("metrics.passing.urls")),
    path("", include("metrics.reports.urls")),
    path("", include("metrics.scorecard.urls")),
    path("", include("metrics.figures.urls")),
    path("", include("metrics.plans.urls")),
    path("", include("metrics.charts.urls")),
    path("", include("metrics.forecast.urls")),
    path("", include("metrics.themes.urls")),
    path("", include("metrics.benchmark.urls")),
    path("", include("metrics.relations.urls")),
    path("", include("metrics.exports.urls")),
    path("", include("metrics.improvement.urls")),
    path("", include("servicedesk.pages.urls")),
]
