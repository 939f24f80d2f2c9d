"""Awards; the roof puts them below /feedback/awards/."""

from django.urls import path

from feedback.awards import views

app_name = "awards"
urlpatterns = [
    path("", views.awards, name="list"),
    path("programmes/new/", views.new_programme, name="new_programme"),
    path("programmes/<row:pk>/", views.edit_programme, name="programme"),
    path("programmes/<row:pk>/open/", views.open_award, name="open"),
    path("<row:pk>/", views.award, name="award"),
    path("<row:pk>/nominate/", views.nominate, name="nominate"),
    path("<row:pk>/vote/", views.vote, name="vote"),
    path("<row:pk>/steps/<ascii:name>/", views.step, name="step"),
    path("certificates/<row:pk>/", views.certificate, name="certificate"),
]
