"""The cast, the states of a request, and two ways in: `as_api(person)` and `as_browser(person)`.

Everything is built by the product's own services (see tests/factories). Ask for `company` and name the person
you mean: `company.requester`, `company.assigned`, `company.stranger`, … (`Company` says who stands where).
"""

import copy
from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from django.test import Client, TransactionTestCase
from rest_framework.test import APIClient
from xdist.scheduler import LoadScopeScheduling

from requests_app.desk.models import ServiceRequest
from requests_app.org.models import Person
from requests_app.org.services import create_token
from tests.emptying import empty
from tests.factories import Company, accept, build_company, close, deliver, file_laptop

TransactionTestCase._fixture_teardown = empty
COMMITS = {"transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback"}


def commits(item: pytest.Item) -> bool:
    """Whether the test writes for good and empties the tables afterwards, instead of rolling back."""
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction")) or bool(COMMITS & set(item.fixturenames))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The cast is built once for all tests that roll back; those that want an empty database run before."""
    for item in items:
        if "company" in getattr(item, "fixturenames", ()) and not commits(item):
            item.fixturenames.insert(0, "stored_company")
    places = {path: place for place, path in enumerate(dict.fromkeys(item.path for item in items))}
    items.sort(key=lambda item: (commits(item), "stored_company" in item.fixturenames, places[item.path]))


class Together(LoadScopeScheduling):
    """Every test goes where there is room, but those that share something costly go to one worker, and first.

    The mark xdist_group is for this, and does nothing with the pytest that is pinned here (pytest-xdist issue 1386).
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.split("::", 1)[0]
        if path.startswith("tests/faults/"):
            return "tests/faults"
        return path if path.startswith("tests/requests_app/imports/test_real_") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> Together:
    return Together(config, log)


class Cast:
    """The company in a transaction that outlives modules, until a test wants a database without it."""

    def __init__(self) -> None:
        self.company: Company | None = None
        self.transaction = transaction.atomic()

    def enter(self) -> Company:
        if self.company is None:
            self.transaction.__enter__()
            self.company = build_company()
        return self.company

    def leave(self) -> None:
        if self.company is not None:
            self.company = None
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)


CAST = Cast()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if "stored_company" not in getattr(item, "fixturenames", ()):
        CAST.leave()


@pytest.fixture(scope="session")
def cast(django_db_setup, django_db_blocker) -> Iterator[Cast]:
    with django_db_blocker.unblock():
        yield CAST
        CAST.leave()


@pytest.fixture(scope="module")
def stored_company(cast: Cast, django_db_blocker) -> Iterator[Company]:
    with django_db_blocker.unblock():
        company = cast.enter()
        with transaction.atomic():
            yield company
            transaction.set_rollback(True)


@pytest.fixture
def company(request: pytest.FixtureRequest, db) -> Company:
    """The cast, fresh for each test: a copy of the rows that the module's transaction holds, or built anew."""
    if "stored_company" in request.fixturenames:
        return copy.deepcopy(request.getfixturevalue("stored_company"))
    return build_company()


@pytest.fixture
def new_request(company: Company) -> ServiceRequest:
    """From Sales to IT, not yet taken."""
    return file_laptop(company)


@pytest.fixture
def accepted_request(company: Company, new_request: ServiceRequest) -> ServiceRequest:
    """Taken by `company.assigned`."""
    return accept(company, new_request)


@pytest.fixture
def delivered_request(company: Company, accepted_request: ServiceRequest) -> ServiceRequest:
    return deliver(company, accepted_request)


@pytest.fixture
def closed_request(company: Company, delivered_request: ServiceRequest) -> ServiceRequest:
    return close(company, delivered_request)


@pytest.fixture
def as_api() -> Callable[..., APIClient]:
    """as_api(person) → a client that sends the person's bearer token and speaks JSON; as_api() sends none."""

    def client_of(person: Person | None = None, *, read_only: bool = False) -> APIClient:
        client = APIClient()
        client.default_format = "json"
        if person:
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {create_token(person=person, read_only=read_only)}")
        return client

    return client_of


@pytest.fixture
def as_browser() -> Callable[..., Client]:
    """as_browser(person) → Django's client, signed in; as_browser() is not.

    Pass enforce_csrf_checks=True where the test is about forged requests.
    """

    def client_of(person: Person | None = None, **options) -> Client:
        client = Client(**options)
        if person:
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return client_of
