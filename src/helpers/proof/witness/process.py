"""One Maxima process, asked one question at a time, each bounded in time."""

__all__ = ["MaximaFailed", "MaximaProcess", "OutOfPatience"]

import contextlib
import os
import re
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.resources import files

START_SECONDS = 20.0
ANSWER = re.compile(r"<answer>(.*?)</answer>", re.DOTALL)


class OutOfPatience(Exception):
    """The answer did not come in time; the process has been killed."""


class MaximaFailed(Exception):
    """The process ended by itself, or did not answer as it should."""


class MaximaProcess:
    """A Maxima that has read `witness.mac`; started when first asked, and again after it was killed.

    A statement answers by `w_say(...)`. After each statement the process is asked to print a mark, so that one
    with an error or without an answer ends too. Nothing is shared with a forked child: it starts its own.
    Whatever interrupts a conversation kills the process, since its next output would answer an old question.

    Attributes:
        generation: how often a process has been started; what was defined in one is unknown to the next.
    """

    def __init__(self) -> None:
        self.generation = 0
        self._process: subprocess.Popen | None = None
        self._owner = 0
        self._asked = 0

    @staticmethod
    def command() -> str | None:
        return shutil.which("maxima")

    @property
    def alive(self) -> bool:
        return self._process is not None and self._owner == os.getpid() and self._process.poll() is None

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
            # No start-up file of the user's: it could change what an expression means.
            env={**os.environ, "MAXIMA_USERDIR": os.path.join(tempfile.gettempdir(), "no-such-folder")},
            start_new_session=True,
        )
        self._owner = os.getpid()
        self.generation += 1
        self.ask(
            files("helpers.proof.witness").joinpath("witness.mac").read_text(encoding="utf-8"), START_SECONDS
        )

    def ask(self, statement: str, seconds: float) -> str:
        """Run a complete statement; what it says, or "" if it says nothing.

        Raises:
            OutOfPatience: no answer within `seconds`.
            MaximaFailed: there is no process, or it has ended.
        """
        if not self.alive:
            raise MaximaFailed("Maxima is not running")
        self._asked += 1
        mark = f"<mark {self._asked}>"
        deadline = time.monotonic() + seconds
        try:
            # Two strings, so that the mark is not found in an echo of the question.
            request = f'{statement}\nprint(concat("<mark ", "{self._asked}>"))$\n'
            self._process.stdin.write(request.encode())
            self._process.stdin.flush()
            output = self._read_until(mark, deadline)
        except BrokenPipeError:
            self.close()
            raise MaximaFailed("Maxima has ended") from None
        except BaseException:
            self.close()
            raise
        said = ANSWER.search(output)
        return said.group(1).strip() if said else ""

    def _read_until(self, mark: str, deadline: float) -> str:
        output = ""
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while mark not in output:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise OutOfPatience
                part = os.read(self._process.stdout.fileno(), 1 << 16)
                if not part:
                    raise MaximaFailed("Maxima has ended")
                output += part.decode(errors="replace")
        return output

    def close(self) -> None:
        """Kill the process, if it is this Python process's own; may be called at any time."""
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
