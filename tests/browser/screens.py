"""How wide and how dark: two screens that differ in both for the pages opened most; one of the two, in turn by part of
the product, for the others at every run. In the long run all four for all.
"""

import pytest

LIGHT, DARK = (1440, "light"), (360, "dark")
OTHERS = [pytest.param(1440, "dark", marks=pytest.mark.long), pytest.param(360, "light", marks=pytest.mark.long)]
SCREENS = [LIGHT, DARK, *OTHERS]
WIDE = [LIGHT, pytest.param(*DARK, marks=pytest.mark.long), *OTHERS]
NARROW = [pytest.param(*LIGHT, marks=pytest.mark.long), DARK, *OTHERS]
