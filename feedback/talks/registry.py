"""Where packages above hang in what else of theirs belongs into a person's calendar. Filled while the apps start."""

from collections.abc import Callable

import icalendar

from requests_app.org.models import Person

Provider = Callable[[Person], list[icalendar.Event]]
_providers: list[Provider] = []


def provide_entries(provider: Provider) -> None:
    """Register; the same one twice counts once."""
    if provider not in _providers:
        _providers.append(provider)


def entries_from_above(person: Person) -> list[icalendar.Event]:
    return [entry for provider in _providers for entry in provider(person)]
