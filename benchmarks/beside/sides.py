"""The two sides of a comparison: measured each in a process of its own, and printed together."""

import contextlib
import io
import multiprocessing
import resource
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Side:
    """One side of a comparison: who, how to call it, and how many times its work counts."""

    name: str
    call: Callable[[], object]
    repeat: int = 1
    # A peer too slow to do it all does a part; its time is multiplied by this.
    times: float = 1.0


def measured(side: Side) -> tuple[float, float, object]:
    """Return the best time in seconds, the memory in MB that it took, and the value."""

    def run(pipe) -> None:
        warnings.simplefilter("ignore")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        best, value = np.inf, None
        try:
            with (
                contextlib.redirect_stdout(io.StringIO()),
                contextlib.redirect_stderr(io.StringIO()),
            ):
                if side.repeat > 1:
                    side.call()
                for _ in range(side.repeat):
                    start = time.perf_counter()
                    value = side.call()
                    best = min(best, time.perf_counter() - start)
        # A peer can fail in any way: that is told, and the others go on.
        except Exception as error:
            pipe.send((np.nan, np.nan, f"{type(error).__name__}: {error}"))
            return
        memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        pipe.send((best * side.times, memory, value))

    here, there = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=run, args=(there,))
    process.start()
    there.close()
    try:
        answer = here.recv()
    except EOFError:
        answer = (np.nan, np.nan, "the process ended before it gave an answer")
    process.join()
    return answer


def compared(title: str, sides: list[Side]) -> None:
    """Measure the sides of one comparison and print them."""
    print(f"\n{title}")
    ours = None
    for side in sides:
        seconds, memory, value = measured(side)
        if isinstance(value, str):
            print(f"  {side.name:<24} failed: {value[:90]}")
            continue
        line = f"  {side.name:<24}{seconds:12.4f} s {memory:8.0f} MB"
        if ours is None:
            ours = seconds, value
        else:
            line += f"{seconds / ours[0]:10.1f} times ours, largest difference "
            line += f"{np.nanmax(np.abs(np.asarray(value) - np.asarray(ours[1]))):.1e}"
        print(line, flush=True)
