"""Figures over HTTP."""

from django.urls import path

from metrics.rollups.api.company import Definitions, Matrix, Series
from metrics.rollups.api.departments import AsCustomer, AsSupplier

urlpatterns = [
    path("figures/departments/<ascii:slug>/supplier/", AsSupplier.as_view(), name="figures-supplier"),
    path("figures/departments/<ascii:slug>/customer/", AsCustomer.as_view(), name="figures-customer"),
    path("figures/matrix/", Matrix.as_view(), name="figures-matrix"),
    path("figures/series/", Series.as_view(), name="figures-series"),
    path("figures/definitions/", Definitions.as_view(), name="figures-definitions"),
]
