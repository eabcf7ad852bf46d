"""Progress of long work: nothing is lost, nothing is shown to nobody, and an interrupted loop leaves a whole line."""

import fcntl
import io
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
from functools import partial

import pytest

from helpers import building
from helpers.progress import bar, track

COUNT = """
import sys, time
from helpers import progress
progress.QUICK = {delay}
done = []
try:
    for item in progress.track(range({items}), "Counting", unit="number"):
        done.append(item)
        if item == {ready}:
            print("ready", flush=True)
        time.sleep(0.001)
except KeyboardInterrupt:
    print("kept", done[-1] + 1 == len(done) > {ready}, flush=True)
"""


def in_terminal(code: str, until: str = "", interrupt: bool = False) -> str:
    """All that a program writes to a terminal; once `until` has been said it is interrupted, if asked for."""
    here, there = pty.openpty()
    fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("4H", 24, 100, 0, 0))  # 100 characters wide
    environment = dict(os.environ)
    environment.pop(building.VARIABLE, None)
    # Where the tests run in the background, programs are born deaf to this signal.
    hearing = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    command = [sys.executable, "-c", code]
    program = subprocess.Popen(command, stdout=there, stderr=there, env=environment, preexec_fn=hearing)
    os.close(there)
    said = b""
    while True:
        try:
            part = os.read(here, 1 << 16)
        except OSError:  # how a terminal on Linux says that nobody writes any more
            part = b""
        if not part:
            break
        said += part
        if interrupt and until.encode() in said:
            program.send_signal(signal.SIGINT)
            interrupt = False
    os.close(here)
    assert program.wait() == 0, said
    return said.decode()


@pytest.mark.parametrize("items", [[], [3, 1, 2], range(7), (x * x for x in range(4))])
def test_all_items_pass_in_their_order(items):
    items = list(items)
    assert list(track(items, "Passing")) == items
    assert list(track(iter(items), "Passing", total=len(items))) == items


def test_nothing_is_written_where_nobody_looks(monkeypatch):
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    monkeypatch.setattr("helpers.progress.QUICK", 0.0)
    assert sum(track(range(1000), "Adding")) == 499500
    with bar("Adding", total=3) as shown:
        shown.update(3)
    assert log.getvalue() == ""


def test_while_the_book_is_built_there_is_no_bar(monkeypatch):
    monkeypatch.setenv(building.VARIABLE, "1")
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    assert list(track(range(3), "Passing")) == [0, 1, 2]


def test_a_terminal_shows_how_far_how_fast_and_how_long_still():
    said = in_terminal(COUNT.format(delay=0.0, items=400, ready=399))
    assert "Counting" in said and "/400" in said and "number/s" in said and "<00:" in said
    # When it is through, its line is wiped.
    assert said.replace("\r", "\n").splitlines()[-1].strip() in ("", "ready")


def test_quick_work_shows_no_bar():
    assert in_terminal(COUNT.format(delay=3600.0, items=50, ready=49)).split() == ["ready"]


def test_an_interrupted_loop_keeps_what_it_did():
    said = in_terminal(COUNT.format(delay=0.0, items=10**9, ready=40), until="ready", interrupt=True)
    assert "kept True" in said


@pytest.mark.parametrize("label", ["", "  ", None, 3])
def test_a_label_is_words(label):
    with pytest.raises(ValueError, match=r"label: got .*, expected words"):
        track(range(3), label)


def test_a_total_is_not_negative():
    with pytest.raises(ValueError, match="total: got -1, expected a number of at least 0"):
        track(iter(()), "Passing", total=-1)


def test_items_are_something_to_iterate_over():
    with pytest.raises(ValueError, match="items: got int, expected something to iterate over"):
        track(3, "Passing")
