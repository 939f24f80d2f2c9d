"""How wide and how dark: at every run one of two screens that differ in both, in turn by part of the product. In the long run
all four for all.
"""

import pytest

LIGHT, DARK = (1440, "light"), (360, "dark")
OTHERS = [pytest.param(1440, "dark", marks=pytest.mark.long), pytest.param(360, "light", marks=pytest.mark.long)]
WIDE = [LIGHT, pytest.param(*DARK, marks=pytest.mark.long), *OTHERS]
SCREENS = WIDE  # of the pages opened most
NARROW = [pytest.param(*LIGHT, marks=pytest.mark.long), DARK, *OTHERS]
