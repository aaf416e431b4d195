"""Whether an index of two groups says anything about an area, and if not, why."""

import numpy as np
import pandas as pd

from analysis.measures.areas import by_area
from analysis.measures.counts import Column


def status(group: Column, others: Column, by: Column | None = None) -> pd.Series | str:
    """Return what stands in the way of an index of two groups in every area.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of str, or str
        By area, sorted; one word without `by`. The first that applies of:
        'uninhabited', nobody lives there; 'group_absent', one of the two groups is not there (the
        others are a group too: without them there is nothing to compare with); 'single_unit',
        one unit holds everybody and the index is 0 by construction, whatever the number of
        empty units beside it; 'ok'.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    Examples
    --------
    >>> status([10, 0], [90, 0])
    'single_unit'
    """
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    all_x, all_y = areas.sums(x), areas.sums(y)
    inhabited_units = areas.sums((x + y > 0).astype(float))
    words = np.select(
        [inhabited_units == 0, (all_x == 0) | (all_y == 0), inhabited_units == 1],
        ["uninhabited", "group_absent", "single_unit"],
        default="ok",
    )
    if areas.labels is None:
        return str(words[0])
    return pd.Series(words, index=areas.labels, name="status", dtype="str")
