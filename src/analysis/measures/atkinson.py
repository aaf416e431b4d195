"""How little the spread of a group overlaps that of the others: Atkinson's and the square root."""

from numbers import Real

import numpy as np
import pandas as pd

from analysis.measures.areas import Areas, by_area, ratio
from analysis.measures.counts import Column


def atkinson(
    group: Column, others: Column, by: Column | Areas | None = None, *, b: float = 0.5
) -> pd.Series | float:
    """Return the Atkinson index of segregation A(b) of every area.

    A(b) = 1 - P/(1 - P) |sum_i (1 - p_i)^(1 - b) p_i^b t_i / (P T)|^(1/(1 - b)), with
    t_i = x_i + y_i, p_i = x_i/t_i, T = X + Y and P = X/T. With b below 1/2 units weigh most in
    which the group's share is below that of the area, with b above 1/2 those where it is above.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.
    b : float, optional
        Between 0 and 1, both excluded: whose units weigh most.

    Returns
    -------
    Series of float, or float
        A between 0 (even) and 1 (complete), by area, sorted; one number without `by`. NaN where
        the group or the others are absent. 0 where one unit holds everybody, by construction:
        `status` tells. Units without inhabitants carry no weight.

    Raises
    ------
    TypeError, ValueError
        See `by_area`; also if b is no number between 0 and 1.

    Notes
    -----
    With r_i = x_i/X and s_i = y_i/Y this is 1 - (1 - L)^(1/(1 - b)), L the sum of
    b r_i + (1 - b) s_i - r_i^b s_i^(1 - b), no term of which is below 0. So it stays exact near 0
    and where b is near 1, which raises rounding errors to a high power.

    References
    ----------
    James, D.R. & Taeuber, K.E. (1985). Measures of segregation. Sociological Methodology 15, 1-32.

    Examples
    --------
    >>> round(atkinson([30, 10], [10, 30]), 12)
    0.25
    """
    if isinstance(b, bool | np.bool_) or not isinstance(b, Real):
        raise TypeError(f"b must be one number between 0 and 1, not {b!r}")
    if not 0 < b < 1:
        raise ValueError(f"b must lie between 0 and 1, both excluded, and is {b}")
    areas, xy, yx, both = _weighed(group, others, by)
    with np.errstate(divide="ignore"):
        # s (r/s)^b - s, for which a unit of others only has log1p(-1), and -s is right there.
        lost = b * (xy - yx) - yx * np.expm1(b * np.log1p(ratio(xy - yx, yx)))
    # Without others there is no r/s, and r^b s^(1 - b) is 0. Rounding can lift the sum above 1.
    lost = np.minimum(ratio(areas.sums(np.where(yx == 0, b * xy, lost)), both), 1.0)
    with np.errstate(divide="ignore"):
        values = -np.expm1(np.log1p(-lost) / (1 - b))
    return areas.index_result(values, "atkinson")


def square_root(
    group: Column, others: Column, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the square root index of Hutchens of every area.

    1 - sum_i sqrt(x_i/X * y_i/Y): what is missing from the overlap of the spread of the group and
    that of the others. A(1/2) = 1 - (1 - square root)^2.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        Between 0 (even) and 1 (complete), by area, sorted; one number without `by`. NaN where
        the group or the others are absent. 0 where one unit holds everybody, by construction:
        `status` tells. Units without inhabitants carry no weight.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    Notes
    -----
    Computed as sum_i (sqrt(x_i/X) - sqrt(y_i/Y))^2 / 2, which is the same, is never below 0 and
    is exactly 0 with an even spread.

    References
    ----------
    Hutchens, R. (2001). Numerical measures of segregation: desirable properties and their
    implications. Mathematical Social Sciences 42(1), 13-29.

    Examples
    --------
    >>> round(square_root([32, 8], [8, 32]), 12)
    0.2
    """
    areas, xy, yx, both = _weighed(group, others, by)
    values = ratio(areas.sums((np.sqrt(xy) - np.sqrt(yx)) ** 2), 2 * both)
    return areas.index_result(values, "square_root")


def _weighed(
    group: Column, others: Column, by: Column | Areas | None
) -> tuple[Areas, np.ndarray, np.ndarray, np.ndarray]:
    """Return areas, x_i Y and y_i X of each unit, and X Y of each area.

    X Y times r_i and s_i: whole numbers, and the same number where the shares are the same.
    """
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    all_x, all_y = areas.sums(x), areas.sums(y)
    return areas, x * areas.spread(all_y), y * areas.spread(all_x), all_x * all_y
