"""The product that the harms are done to: all of these tests run in one process, one after the other."""

from collections.abc import Iterator

import pytest

from tests.faults.harms import database_address
from tests.faults.rig import Rig, running_product


@pytest.fixture(scope="session")
def rig() -> Iterator[Rig]:
    with running_product(database_address()) as product:
        yield product
