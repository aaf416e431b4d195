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
    # Given along at the start, not asked by a client of its own: clients of one manager share an
    # identity, and the kernel hears only one of two at a time.
    manager.start_kernel(
        cwd=str(Path.cwd()), extra_arguments=[f"--InteractiveShellApp.code_to_run={_WARM_UP}"]
    )
    try:
        yield manager
    finally:
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
