"""Ctrl-C, SIGTERM and a closed terminal all mean: stop cleanly."""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(BaseException):
    """Somebody wants us to stop. Not an Exception, so that no handler of errors swallows it."""


@contextlib.contextmanager
def stopping_raises() -> Iterator[None]:
    """Inside, each of the signals raises StopRequested in the main thread."""

    def stop(number: int, _frame: FrameType | None) -> None:
        raise StopRequested(_name(number))

    with _handling(stop):
        yield


@contextlib.contextmanager
def stopping_is_deaf(force: Callable[[], None]) -> Iterator[None]:
    """Inside, we are stopping already: the first further signal is ignored, a second one forces the end."""
    heard = 0

    def insist(_number: int, _frame: FrameType | None) -> None:
        nonlocal heard
        heard += 1
        if heard > 1:
            force()
            os._exit(1)

    with _handling(insist):
        yield


@contextlib.contextmanager
def _handling(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def _name(number: int) -> str:
    words = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM", signal.SIGHUP: "terminal closed"}
    return words[signal.Signals(number)]
