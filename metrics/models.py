"""Index of the tables, so that Django finds them; each package owns its own."""

from metrics.charts.models import Chart, Phase, Signal
from metrics.exports.models import FactExport
from metrics.facts.models import HoldingInterval, OfferFact, RequestFact, WorkFact
from metrics.forecast.models import ExpectedNeed, Forecast
from metrics.improvement.models import Improvement, ImprovementAction, ImprovementEffect
from metrics.reports.models import ReportSubscription
from metrics.rollups.models import FigureTarget, Generation, Rollup, StaleCell
from metrics.themes.models import NeedRequest, Reading, RecurringNeed, Theme, ThemeText
from metrics.whatif.models import FlippedRequest, WhatIf

__all__ = [
    "Chart",
    "ExpectedNeed",
    "FactExport",
    "FigureTarget",
    "FlippedRequest",
    "Forecast",
    "Generation",
    "HoldingInterval",
    "Improvement",
    "ImprovementAction",
    "ImprovementEffect",
    "NeedRequest",
    "OfferFact",
    "Phase",
    "Reading",
    "RecurringNeed",
    "ReportSubscription",
    "RequestFact",
    "Rollup",
    "Signal",
    "StaleCell",
    "Theme",
    "ThemeText",
    "WhatIf",
    "WorkFact",
]
