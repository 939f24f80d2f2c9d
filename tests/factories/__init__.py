"""The people, departments and requests that tests are about, built by the product's own services."""

from tests.factories.company import Company, build_company, make_person
from tests.factories.requests import accept, close, deliver, file_laptop

__all__ = ["Company", "accept", "build_company", "close", "deliver", "file_laptop", "make_person"]
