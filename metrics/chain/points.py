"""What the map adds to the list of what two departments should talk about."""

from feedback.chain.registry import provide_points
from metrics.chain.selectors import observed_points


def register() -> None:
    """Called once, while the apps start."""
    provide_points(observed_points)
