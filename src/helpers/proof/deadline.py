"""A bound on how long one symbolic step may run."""

__all__ = ["OutOfTime", "within"]

import signal
import threading
import time
from collections.abc import Callable
from typing import Any


class OutOfTime(BaseException):
    """Raised inside a call that used up its time.

    Not an `Exception`: computer algebra code is full of `except Exception`, which would swallow it.
    """


def within(seconds: float, function: Callable[..., Any], *arguments: Any) -> Any:
    """Return `function(*arguments)`, or raise `OutOfTime` once `seconds` have passed.

    The bound is an interval timer and its signal, which reach only the main thread of a system that has them
    (Linux, macOS). Elsewhere the call runs unbounded. An earlier timer of the caller keeps its own deadline.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        return function(*arguments)

    running = True

    def ring(signum: int, frame: Any) -> None:
        if running:
            raise OutOfTime

    started = time.monotonic()
    outer_remaining, outer_interval = signal.getitimer(signal.ITIMER_REAL)
    if outer_remaining and outer_remaining <= seconds:
        return function(*arguments)  # the caller's own timer rings first
    outer_handler = signal.signal(signal.SIGALRM, ring)
    # The timer repeats: a ring during a garbage collector's callback is swallowed by the interpreter.
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.25)
    try:
        return function(*arguments)
    finally:
        running = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, outer_handler)
        if outer_remaining:
            left = max(outer_remaining - (time.monotonic() - started), 1e-3)
            signal.setitimer(signal.ITIMER_REAL, left, outer_interval)
