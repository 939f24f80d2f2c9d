"""How wide and how dark: two screens that differ in both at every run, the other two in the long one."""

import pytest

SCREENS = [
    (1440, "light"),
    (360, "dark"),
    pytest.param(1440, "dark", marks=pytest.mark.long),
    pytest.param(360, "light", marks=pytest.mark.long),
]
