from django.urls import path

from metrics.chain import views

app_name = "chain_map"
urlpatterns = [path("company/chain/", views.chain_map, name="company")]
