from django.urls import path

from metrics.relations import views

app_name = "relations"
urlpatterns = [path("departments/<slug:slug>/relations/", views.relations, name="list")]
