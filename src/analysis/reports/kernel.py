"""Kernels for all notebooks of a run: started first, so that they warm up while we prepare."""

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from jupyter_client import KernelManager

# Loading these takes seconds; the kernel does so while snapshots are looked up. Tables hold few
# cycles: looking for them as often as Python does by itself takes a tenth of the time.
_WARM_UP = (
    "import gc; gc.set_threshold(100_000, 20, 20); import analysis.reports.chapter_data, analysis.reports.chapter_provision, "
    "analysis.reports.chapter_segregation, analysis.reports.chapter_models"
)
# A socket's path may have 104 characters on some systems, its number included.
_LONGEST_SOCKET = 90


@contextmanager
def kept_kernels(number: int) -> Iterator[tuple[KernelManager, ...]]:
    """Start several kernels at once, hand them out while they are loading, and end them."""
    with ExitStack() as started:
        yield tuple(started.enter_context(kept_kernel()) for _ in range(number))


def kernels_at_once() -> int:
    """Return how many kernels work side by side: two where there are two cores, else one.

    Each holds its own copy of the tables; with more than two the memory of a laptop runs out
    before the time gets shorter.
    """
    return min(2, os.cpu_count() or 1)


@contextmanager
def kept_kernel() -> Iterator[KernelManager]:
    """Start a kernel, hand it out while it is still loading, and end it afterwards."""
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="analysis-", ignore_cleanup_errors=True) as folder:
        manager = _manager(Path(folder) / "kernel")
        # Given along at the start, not asked by a client of its own: clients of one manager share
        # an identity, and the kernel hears only one of two at a time.
        manager.start_kernel(
            cwd=str(Path.cwd()),
            extra_arguments=[
                f"--InteractiveShellApp.code_to_run={_WARM_UP}",
                # On loopback it warns of that at every start, which the user cannot mend.
                "--log-level=ERROR",
            ],
        )
        try:
            yield manager
        finally:
            manager.shutdown_kernel(now=True)
            manager.cleanup_resources()


def _manager(socket: Path) -> KernelManager:
    """Keep the kernel off the network where the system has sockets in a file system.

    In a folder of their own: by default they lie in the working folder under fixed names, which
    may be read-only, and where a second run at the same time takes the same ones.
    """
    if os.name == "posix" and len(str(socket)) <= _LONGEST_SOCKET:
        return KernelManager(kernel_name="python3", transport="ipc", ip=str(socket))
    return KernelManager(kernel_name="python3")
