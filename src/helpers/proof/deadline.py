"""A bound on how much computing one symbolic step may do."""

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
    """Return `function(*arguments)`, or raise `OutOfTime` once this process has computed for `seconds`.

    Seconds of the processor, not of the clock: what else the machine does must not change a verdict. The bound is an
    interval timer and its signal, which reach only the main thread of a system that has them (Linux, macOS).
    Elsewhere the call runs unbounded. An earlier timer of the caller keeps its own deadline.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        return function(*arguments)

    running = True

    def ring(signum: int, frame: Any) -> None:
        if running:
            raise OutOfTime

    started = time.process_time()
    outer_remaining, outer_interval = signal.getitimer(signal.ITIMER_PROF)
    if outer_remaining and outer_remaining <= seconds:
        return function(*arguments)  # the caller's own timer rings first
    outer_handler = signal.signal(signal.SIGPROF, ring)
    # The timer repeats: a ring during a garbage collector's callback is swallowed by the interpreter.
    signal.setitimer(signal.ITIMER_PROF, seconds, 0.25)
    try:
        return function(*arguments)
    finally:
        running = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, outer_handler)
        if outer_remaining:
            left = max(outer_remaining - (time.process_time() - started), 1e-3)
            signal.setitimer(signal.ITIMER_PROF, left, outer_interval)
