"""What-if stands below /agreements/, beside the pages of the agreement itself."""

from django.urls import path

from metrics.whatif import views

app_name = "whatif"
urlpatterns = [
    path("<row:pk>/what-if/", views.ask, name="agreement"),
    path("<row:pk>/what-if/<row:run>/", views.run, name="run"),
]
