"""One kernel for all notebooks of a run: started first, so that it warms up while we prepare."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_client import KernelManager

# Loading these takes seconds; the kernel does so while snapshots are looked up.
_WARM_UP = (
    "import analysis.reports.chapter_data, analysis.reports.chapter_provision, "
    "analysis.reports.chapter_segregation"
)


@contextmanager
def kept_kernel() -> Iterator[KernelManager]:
    """Start a kernel, hand it out while it is still loading, and end it afterwards."""
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    # Sockets in a file system keep the kernel off the network where the system has them.
    transport = "ipc" if os.name == "posix" else "tcp"
    manager = KernelManager(kernel_name="python3", transport=transport)
    manager.start_kernel(cwd=str(Path.cwd()))
    client = manager.client()
    try:
        # The question alone: nobody waits for the answer.
        client.start_channels(shell=True, iopub=False, stdin=False, hb=False, control=False)
        client.execute(_WARM_UP, silent=True)
        yield manager
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
