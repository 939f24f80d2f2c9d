"""What is said; the roof puts it below /feedback/voices/."""

from django.urls import path

from feedback.voice import views

app_name = "voice"
urlpatterns = [
    path("", views.voices, name="list"),
    path("new/", views.new, name="new"),
    path("new/<sr:number>/", views.new, name="new_of_request"),
    path("<row:pk>/", views.voice, name="voice"),
    path("<row:pk>/vote/", views.vote, name="vote"),
    path("<row:pk>/posts/", views.post, name="post"),
    path("<row:pk>/posts/<row:post>/withdraw/", views.withdraw_post, name="withdraw_post"),
    path("<row:pk>/correct/", views.correct, name="correct"),
    path("<row:pk>/steps/<ascii:name>/", views.step, name="step"),
]
