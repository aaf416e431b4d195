"""Random numbers of an area: a stream of its own, found by the area's label."""

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np

WORDS = 4


def area_streams(
    seed: int, labels: Iterable[object], purpose: str = ""
) -> list[np.random.Generator]:
    """Return one independent generator per area.

    The stream hangs on the seed and on the label as text, not on the place of the area in the
    table or on what runs beside it: adding, removing or reordering areas, or sharing the work
    between processors, changes no number of any area.

    Parameters
    ----------
    seed : int
        >= 0. Another seed gives other streams for all areas.
    labels : iterable
        The areas. The same label as text gives the same stream (637 and '637').
    purpose : str
        Another purpose gives other streams: numbers of two uses are never the same.

    Returns
    -------
    list of numpy Generator
        In the order of `labels`.

    Raises
    ------
    TypeError, ValueError
        If the seed is not a whole number >= 0.
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
        raise TypeError(f"seed is {seed!r}: give a whole number")
    if seed < 0:
        raise ValueError(f"seed is {seed}: give a whole number of 0 or more")
    streams = []
    for label in labels:
        digest = blake2b(
            str(label).encode(), digest_size=4 * WORDS, person=purpose.encode()[:16]
        ).digest()
        words = [int(word) for word in np.frombuffer(digest, dtype="<u4")]
        # spawn_key keeps the label apart from the seed: no label can imitate another seed.
        sequence = np.random.SeedSequence(int(seed), spawn_key=words)
        streams.append(np.random.Generator(np.random.PCG64(sequence)))
    return streams
