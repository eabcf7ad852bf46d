"""Kernels forked from one process that has imported what chapters import: each starts in milliseconds, not seconds.

That process is `multiprocessing`'s fork server. A kernel is a process of its own, in the state that imports leave:
what one chapter does, no other sees. Kernel and client talk over sockets in a folder of their own, which nobody else
can read. Where forking after imports is not safe (macOS, Windows), kernels start from scratch.
"""

import gc
import multiprocessing
import os
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import psutil
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

__all__ = ["kernel_manager", "processor_seconds"]

# What most chapters load before their first claim (`torch._dynamo` is what PyTorch loads at an optimiser's first
# step); and the last two, which the program imports that starts kernels: `multiprocessing` runs it again in each.
PRELOADED = [
    "ipykernel.kernelapp",
    "matplotlib.backends.backend_svg",
    "matplotlib.pyplot",
    "torch._dynamo",
    "myst_nb",
    "sympy.physics.units",
    "helpers.checks",
    "helpers.codegen",
    "helpers.plotting",
    "helpers.proof.witness",
    "helpers.symbols",
    "helpers.widgets.exercises",
    "jupyter_cache",
    "nbclient",
]


def kernel_manager(folder: Path) -> KernelManager:
    """A manager whose kernel has its sockets in `folder` (of a short name: the system bounds a socket's)."""
    factory = KernelProvisionerFactory.instance()
    if sys.platform == "linux":
        factory.provisioners["forked"] = EntryPoint(
            "forked", f"{__name__}:ForkedProvisioner", factory.GROUP_NAME
        )
        factory.default_provisioner_name = "forked"
    return KernelManager(kernel_name="python3", transport="ipc", connection_file=str(folder / "kernel.json"))


def processor_seconds(pid: int) -> float:
    """What a process and its children, Maxima among them, have computed until now. Cost: a millisecond."""
    process = psutil.Process(pid)
    total = sum(process.cpu_times()[:4])  # its own, and that of children that have ended
    for child in process.children(recursive=True):
        try:
            total += sum(child.cpu_times()[:2])
        except psutil.NoSuchProcess:  # ended meanwhile
            continue
    return total


class ForkedProvisioner(LocalProvisioner):
    """Starts a kernel by a fork instead of a command."""

    async def launch_kernel(self, cmd, **options):
        arguments = cmd[cmd.index("-f") :]
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        process = context.Process(target=run_kernel, args=(arguments, options["cwd"], options["env"]))
        process.start()
        self.process = ForkedProcess(process)
        self.pid = self.pgid = process.pid
        self.cwd = options["cwd"]
        return self.connection_info


class ForkedProcess:
    """A process of `multiprocessing` with the methods of `subprocess.Popen` that a provisioner calls."""

    stdin = stdout = stderr = None

    def __init__(self, process: multiprocessing.Process) -> None:
        self.pid = process.pid
        self.process = process
        self.kill, self.terminate = process.kill, process.terminate

    def poll(self) -> int | None:
        return self.process.exitcode

    def wait(self) -> int | None:
        self.process.join()
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)


def run_kernel(arguments: list[str], folder: str, environment: dict[str, str]) -> None:
    """The whole life of a forked kernel."""
    from ipykernel.kernelapp import IPKernelApp

    gc.freeze()  # what was imported before the fork is here to stay: not worth a collector's look
    gc.set_threshold(20_000, 20, 20)  # computer algebra makes many objects at a time and keeps them, too
    os.setsid()  # its group is signalled as one
    os.chdir(folder)
    os.environ.update(environment)
    # It ends when the fork server has gone, which ends with the process that executes the chapters.
    IPKernelApp.launch_instance([*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])
