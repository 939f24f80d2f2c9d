"""People in the settings, and one's own profile. The roof puts both where they belong."""

from django.urls import path

from requests_app.org import views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("new-person/", views.new_person, name="person_new"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/access/", views.person_access, name="person_access"),
    path("people/<int:pk>/password/", views.person_password, name="person_password"),
    path("people/<int:pk>/link/", views.person_link, name="person_link"),
    path("people/<int:pk>/departments/", views.person_hats, name="person_hats"),
    path("people/<int:pk>/tokens/<int:token>/end/", views.person_token, name="person_token"),
]
me_patterns = [
    path("", views.profile, name="profile"),
    path("tokens/", views.new_token, name="tokens"),
    path("tokens/<int:pk>/end/", views.end_token, name="token_end"),
]
