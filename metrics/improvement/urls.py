"""The plans of a department stand below it; each has an address of its own, which charts and mails can name."""

from django.urls import path

from metrics.improvement import views

app_name = "improvement"
urlpatterns = [
    path("departments/<slug:slug>/improvements/", views.improvements, name="list"),
    path("departments/<slug:slug>/improvements/new/", views.new, name="new"),
    path("departments/<slug:slug>/improvements/marks/", views.marks, name="marks"),
    path("improvements/marks/", views.marks, name="company_marks"),
    path("improvements/<row:pk>/", views.improvement, name="page"),
    path("improvements/<row:pk>/change/", views.change, name="change"),
    path("improvements/<row:pk>/actions/", views.add, name="add_action"),
    path("improvements/<row:pk>/actions/<row:action>/change/", views.change_action, name="change_action"),
    path("improvements/<row:pk>/actions/<row:action>/done/", views.done, name="action_done"),
    path("improvements/<row:pk>/moves/<ascii:name>/", views.move, name="move"),
]
