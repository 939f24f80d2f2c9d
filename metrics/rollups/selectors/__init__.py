"""Reading figures. Callers take everything from here."""

from metrics.rollups.selectors.ages import backlog_by_age
from metrics.rollups.selectors.complaints import complaints_of_pairs
from metrics.rollups.selectors.figures import (
    figures,
    figures_by_department,
    figures_by_service,
    figures_summed,
    figures_with_before,
    series,
    totals,
    totals_in_pieces,
)
from metrics.rollups.selectors.freshness import as_of, generation
from metrics.rollups.selectors.open_aware import FILED, open_aware_times, told_with_open
from metrics.rollups.selectors.pairs import Told, figures_of_pairs, no_figure
from metrics.rollups.selectors.rows import TIMED, count_behind, handoffs_behind, request_ids_behind
from metrics.rollups.selectors.targets import targets_by_department, targets_for, usual_targets

__all__ = [
    "FILED",
    "TIMED",
    "Told",
    "as_of",
    "backlog_by_age",
    "complaints_of_pairs",
    "count_behind",
    "figures",
    "figures_by_department",
    "figures_by_service",
    "figures_of_pairs",
    "figures_summed",
    "figures_with_before",
    "generation",
    "handoffs_behind",
    "no_figure",
    "open_aware_times",
    "request_ids_behind",
    "series",
    "targets_by_department",
    "targets_for",
    "told_with_open",
    "totals",
    "totals_in_pieces",
    "usual_targets",
]  # fmt: skip
