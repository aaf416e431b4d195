"""Dissimilarity without what differences between small counts add to it by chance."""

import numpy as np
import pandas as pd

from analysis.measures.areas import Areas, by_area, ratio
from analysis.measures.counts import Column

# Newton from the right on a convex function: 7 steps are common, 60 are enough at the kink.
STEPS = 100


def density_corrected_dissimilarity(
    group: Column,
    others: Column,
    by: Column | Areas | None = None,
    *,
    largest_ratio: float = np.inf,
) -> pd.Series | float:
    """Return the density-corrected dissimilarity of every area.

    sum_i s_i n(z_i) / 2, with r_i = x_i/X, q_i = y_i/Y, s_i^2 = r_i (1 - r_i)/X + q_i (1 - q_i)/Y,
    z_i = |r_i - q_i| / s_i, and n(z) the z0 >= 0 under which z is most likely, if what is observed
    is the size of a normal number with mean z0 and variance 1. A difference within one standard
    deviation counts for nothing, a large one counts whole.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.
    largest_ratio : float, optional
        Units with z above it count for nothing. Only to repeat what others published: the search
        in PySAL's segregation starts at 0 and does not leave it where z is above 38.5, because
        the density at 0 is below the smallest number there is, so that it drops the very units
        that differ most.

    Returns
    -------
    Series of float, or float
        Between 0 and D, by area, sorted; one number without `by`. NaN where the group or the
        others are absent. Units without inhabitants carry no weight.

    Raises
    ------
    TypeError, ValueError
        See `by_area`; also if the largest ratio is negative or not a number.

    Notes
    -----
    n(z) = 0 for z <= 1, and else the positive root of n = z tanh(n z), found by Newton's method.
    Where s_i is 0 (a unit with all of one group and none of the other) the difference is certain
    and counts whole.

    References
    ----------
    Allen, R., Burgess, S., Davidson, R. & Windmeijer, F. (2015). More reliable inference for the
    dissimilarity index of segregation. The Econometrics Journal 18(1), 40-66.

    Examples
    --------
    >>> round(density_corrected_dissimilarity([30, 10], [10, 30]), 4)
    0.5
    >>> density_corrected_dissimilarity([11, 9], [9, 11])
    0.0
    """
    if not largest_ratio >= 0:
        raise ValueError(f"largest_ratio must be a number of 0 or more and is {largest_ratio}")
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    all_x, all_y = areas.sums(x), areas.sums(y)
    of_x, of_y = areas.spread(all_x), areas.spread(all_y)
    r, q = ratio(x, of_x), ratio(y, of_y)
    deviation = np.sqrt(ratio(r * (1 - r), of_x) + ratio(q * (1 - q), of_y))
    difference = np.abs(r - q)
    z = ratio(difference, deviation, undefined=np.inf)
    counted = deviation * _most_likely(np.where(np.isinf(z), 0.0, z))
    counted = np.where(deviation > 0, counted, difference)
    values = areas.sums(np.where(z > largest_ratio, 0.0, counted)) / 2
    values = np.where((all_x > 0) & (all_y > 0), values, np.nan)
    return areas.index_result(values, "density_corrected_dissimilarity")


def _most_likely(z: np.ndarray) -> np.ndarray:
    """Return the largest root n of n = z tanh(n z), which is 0 for z up to 1."""
    beyond = z > 1
    far = z[beyond]
    root = far
    for _ in range(STEPS):
        bend = np.tanh(root * far)
        # The slope 1 - z^2 sech^2(n z) is above 0 to the right of the root; rounding may overshoot.
        step = (root - far * bend) / (1 - far * far * (1 - bend * bend))
        nearer = root - np.maximum(step, 0.0)
        if np.array_equal(nearer, root):
            break
        root = nearer
    roots = np.zeros(len(z))
    roots[beyond] = root
    return roots
