from django.urls import path

from metrics.dashboards import views

app_name = "dashboards"
urlpatterns = [
    path("departments/<slug:slug>/", views.department, name="department"),
    path("departments/<slug:slug>/as-supplier/", views.as_supplier, name="supplier"),
    path("departments/<slug:slug>/as-customer/", views.as_customer, name="customer"),
    path("company/", views.company, name="company"),
]
