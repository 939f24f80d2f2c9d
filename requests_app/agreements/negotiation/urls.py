"""Agreements between two departments; the roof puts them below /agreements/."""

from django.urls import path

from requests_app.agreements.negotiation import views

app_name = "agreements"
urlpatterns = [
    path("", views.agreements, name="list"),
    path("new/", views.new, name="new"),
    path("<row:pk>/", views.agreement, name="agreement"),
    path("<row:pk>/pdf/", views.printed, name="pdf"),
    path("<row:pk>/text/", views.text, name="text"),
    path("<row:pk>/propose/", views.propose, name="propose"),
    path("<row:pk>/sign/", views.sign, name="sign"),
    path("<row:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<row:pk>/end/", views.end, name="end"),
]
