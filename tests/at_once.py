"""Many tries at the same moment, each in a thread and with a connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from requests_app.kernel.errors import DomainError


def at_once(calls: Sequence[Callable[[], object]]) -> list[str]:
    """What became of them, sorted: "done" or the code of the refusal. All begin once every one is connected."""
    gate = Barrier(len(calls))

    def one(call: Callable[[], object]) -> str:
        try:
            connection.ensure_connection()
            gate.wait(timeout=60)
            call()
        except DomainError as error:
            return error.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(pool.map(one, calls))
