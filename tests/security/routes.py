"""Every address of the product: by which row of the matrix it is guarded, or why by none."""

from tests.security.probes import Probe
from tests.security.routes_figures import FIGURES
from tests.security.routes_requests import REQUESTS
from tests.security.routes_settings import SETTINGS

PROBES: list[Probe] = REQUESTS + SETTINGS + FIGURES
