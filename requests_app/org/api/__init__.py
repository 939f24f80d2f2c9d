"""Departments, people and tokens over HTTP."""

from django.urls import path

from requests_app.org.api.departments import DepartmentAddress, DepartmentList
from requests_app.org.api.hats import HatsAddress
from requests_app.org.api.people import Me, PersonAddress, PersonList
from requests_app.org.api.tokens import TokenAddress, TokenList

urlpatterns = [
    path("departments/", DepartmentList.as_view(), name="departments"),
    path("departments/<ascii:slug>/", DepartmentAddress.as_view(), name="department"),
    path("departments/<ascii:slug>/members/<mailbox:email>/", HatsAddress.as_view(), name="hats"),
    path("people/", PersonList.as_view(), name="people"),
    path("people/me/", Me.as_view(), name="me"),
    path("people/<mailbox:email>/", PersonAddress.as_view(), name="person"),
    path("tokens/", TokenList.as_view(), name="tokens"),
    path("tokens/<row:pk>/", TokenAddress.as_view(), name="token"),
]
