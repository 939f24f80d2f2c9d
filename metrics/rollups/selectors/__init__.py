"""Reading figures. Callers take everything from here."""

from metrics.rollups.selectors.figures import (
    figures,
    figures_by_department,
    figures_by_service,
    figures_summed,
    matrix,
    series,
)
from metrics.rollups.selectors.freshness import as_of, generation
from metrics.rollups.selectors.open_aware import open_aware_times
from metrics.rollups.selectors.rows import count_behind, request_ids_behind
from metrics.rollups.selectors.targets import targets_for

__all__ = [
    "as_of", "count_behind", "figures", "figures_by_department", "figures_by_service", "figures_summed", "generation",
    "matrix", "open_aware_times", "request_ids_behind", "series", "targets_for",
]  # fmt: skip
