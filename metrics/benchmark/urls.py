from django.urls import path

from metrics.benchmark import views

app_name = "benchmark"
urlpatterns = [path("company/benchmark/", views.benchmark, name="benchmark")]
