"""A step that runs too long is stopped, also one that swallows exceptions, and timers of others survive."""

import contextlib
import signal
import threading
import time

import pytest

from helpers.proof.deadline import OutOfTime, within

has_timer = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no interval timers")


def spin():
    while True:
        pass


@has_timer
def test_a_call_out_of_time_is_stopped():
    started = time.process_time()
    with pytest.raises(OutOfTime):
        within(0.05, spin)
    assert time.process_time() - started < 5


@has_timer
def test_only_computing_counts():
    """A machine that is busy with other things must not turn what is proved into what is undecided."""
    assert within(0.05, threading.Event().wait, 0.3) is False


@has_timer
def test_a_call_that_swallows_exceptions_is_stopped():
    def stubborn():
        while True:
            with contextlib.suppress(Exception):
                spin()

    with pytest.raises(OutOfTime):
        within(0.05, stubborn)


@has_timer
def test_the_shorter_of_two_nested_limits_rings():
    with pytest.raises(OutOfTime):
        within(0.05, within, 60.0, spin)
    with pytest.raises(OutOfTime):
        within(60.0, within, 0.05, spin)


@has_timer
def test_handler_and_timer_of_the_caller_are_put_back():
    def mine(signum, frame):
        raise AssertionError("rang")

    before = signal.signal(signal.SIGPROF, mine)
    signal.setitimer(signal.ITIMER_PROF, 50)
    try:
        assert within(1.0, lambda: "result") == "result"
        assert signal.getsignal(signal.SIGPROF) is mine
        assert 40 < signal.getitimer(signal.ITIMER_PROF)[0] <= 51
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def test_in_a_thread_it_runs_without_a_limit():
    results = []
    thread = threading.Thread(target=lambda: results.append(within(0.001, sum, range(1000))))
    thread.start()
    thread.join()
    assert results == [499500]


def test_errors_pass_through():
    with pytest.raises(ZeroDivisionError):
        within(1.0, lambda: 1 / 0)
