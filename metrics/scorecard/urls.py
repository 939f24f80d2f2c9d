from django.urls import path

from metrics.scorecard import views

app_name = "scorecard"
urlpatterns = [path("departments/<slug:slug>/scorecard/", views.scorecard, name="department")]
