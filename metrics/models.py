"""Index of the tables, so that Django finds them; each package owns its own."""

from metrics.facts.models import HoldingInterval, OfferFact, RequestFact
from metrics.rollups.models import FigureTarget, Rollup, StaleCell

__all__ = ["FigureTarget", "HoldingInterval", "OfferFact", "RequestFact", "Rollup", "StaleCell"]
