"""Index of the tables, so that Django finds them; each package owns its own."""

from metrics.facts.models import HoldingInterval, OfferFact, RequestFact
from metrics.improvement.models import Improvement, ImprovementAction, ImprovementEffect
from metrics.reports.models import ReportSubscription
from metrics.rollups.models import FigureTarget, Generation, Rollup, StaleCell
from metrics.whatif.models import FlippedRequest, WhatIf

__all__ = [
    "FigureTarget",
    "FlippedRequest",
    "Generation",
    "HoldingInterval",
    "Improvement",
    "ImprovementAction",
    "ImprovementEffect",
    "OfferFact",
    "ReportSubscription",
    "RequestFact",
    "Rollup",
    "StaleCell",
    "WhatIf",
]
