"""One Maxima process, asked one question at a time, each bounded in time."""

__all__ = ["MaximaFailed", "MaximaProcess", "OutOfPatience"]

import contextlib
import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.resources import files

START_SECONDS = 20.0
CLOCK = 20.0  # times as long by the clock ends it too, should it wait for what never comes
ENVIRONMENT = {
    # No start-up file of the user's: it could change what an expression means.
    "MAXIMA_USERDIR": os.path.join(tempfile.gettempdir(), "no-such-folder"),
    # GNU Common Lisp collects garbage once it has made this part of all it has: by itself a third of the time.
    "GCL_GC_ALLOC_MIN": "0.3",
}
ANSWER = re.compile(r"<answer>(.*?)</answer>", re.DOTALL)


class OutOfPatience(Exception):
    """The process computed for too long without an answer, and has been killed."""


class MaximaFailed(Exception):
    """The process ended by itself, or did not answer as it should."""


class MaximaProcess:
    """A Maxima that has read `witness.mac`; started when first asked, and again after it was killed.

    A statement answers by `w_say(...)`. After each statement the process is asked to print a mark, so that one
    with an error or without an answer ends too. Its seconds are of the processor, not of the clock: what else the
    machine does must not change what the witness says. Nothing is shared with a forked child: it starts its own.
    Whatever interrupts a conversation kills the process, since its next output would answer an old question.

    Attributes:
        generation: how often a process has been started; what was defined in one is unknown to the next.
    """

    def __init__(self) -> None:
        self.generation = 0
        self._process: subprocess.Popen | None = None
        self._owner = 0
        self._asked = 0
        self._computed_before = 0.0  # in earlier generations

    @staticmethod
    def command() -> str | None:
        return shutil.which("maxima")

    @property
    def alive(self) -> bool:
        return self._process is not None and self._owner == os.getpid() and self._process.poll() is None

    @property
    def computed(self) -> float:
        """Seconds of the processor that all generations have taken; of the clock where the system does not tell."""
        if self.alive:
            try:
                return self._computed_before + _seconds_of(self._process.pid) - self._began
            except OSError:  # it has just ended
                pass
        return self._computed_before

    def start(self) -> None:
        """Start a process unless one is running."""
        if self.alive:
            return
        self.close()
        command = self.command()
        if command is None:
            raise MaximaFailed("no command maxima on PATH")
        self._process = subprocess.Popen(
            [command, "--very-quiet", "--disable-readline"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | ENVIRONMENT,
            start_new_session=True,
        )
        self._owner = os.getpid()
        self._began = _seconds_of(self._process.pid)
        self.generation += 1
        self.ask(
            files("helpers.proof.witness").joinpath("witness.mac").read_text(encoding="utf-8"), START_SECONDS
        )

    def ask(self, statement: str, seconds: float) -> str:
        """Run a complete statement; what it says, or "" if it says nothing.

        Raises:
            OutOfPatience: no answer after `seconds` of computing.
            MaximaFailed: there is no process, or it has ended.
        """
        if not self.alive:
            raise MaximaFailed("Maxima is not running")
        self._asked += 1
        mark = f"<mark {self._asked}>"
        try:
            # Two strings, so that the mark is not found in an echo of the question.
            request = f'{statement}\nprint(concat("<mark ", "{self._asked}>"))$\n'
            self._process.stdin.write(request.encode())
            self._process.stdin.flush()
            output = self._read_until(mark, seconds)
        except BrokenPipeError:
            self.close()
            raise MaximaFailed("Maxima has ended") from None
        except BaseException:
            self.close()
            raise
        said = ANSWER.search(output)
        return said.group(1).strip() if said else ""

    def _read_until(self, mark: str, seconds: float) -> str:
        output = ""
        enough, latest = self.computed + seconds, time.monotonic() + CLOCK * seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while mark not in output:
                left = min(enough - self.computed, latest - time.monotonic())
                if left <= 0:
                    raise OutOfPatience
                if not selector.select(left):
                    continue  # it had the processor for a part of this time only
                part = os.read(self._process.stdout.fileno(), 1 << 16)
                if not part:
                    raise MaximaFailed("Maxima has ended")
                output += part.decode(errors="replace")
        return output

    def close(self) -> None:
        """Kill the process, if it is this Python process's own; may be called at any time."""
        self._computed_before = self.computed
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        if process.poll() is None:
            # The command is a script that may run Lisp as a child: both are in one group of their own.
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):  # what was not yet written goes nowhere
                pipe.close()


def _seconds_of(pid: int) -> float:
    # `clock_getcpuclockid`, which Python does not have: Linux makes the clock's number from that of the process.
    return time.clock_gettime((~pid << 3) | 2) if sys.platform == "linux" else time.monotonic()
