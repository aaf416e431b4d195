"""Whether members of a group live near each other, beyond the borders of their units."""

import numpy as np
import pandas as pd

from analysis.measures.areas import Areas, by_area, ratio
from analysis.measures.counts import Column
from analysis.measures.distance_decay import Proximity, near_sums


def absolute_clustering(
    group: Column, others: Column, proximity: Proximity, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the index of absolute clustering ACL of every area.

    ACL = (sum_i x_i/X sum_j c_ij x_j - X/n^2 sum_ij c_ij)
    / (sum_i x_i/X sum_j c_ij t_j - X/n^2 sum_ij c_ij), with c_ij the proximity of units i and j,
    t_j = x_j + y_j and n the number of units: the members of the group near the average member,
    as a part of all inhabitants near there, both beyond what they would be if the group were
    spread over the units alike.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    proximity : DistanceDecay, or matrix of shape (n, n)
        c_ij, c_ii included, see `exponential_proximity` and `near_sums`.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        0 where the group is not clustered, towards 1 where it is; by area, sorted; one number
        without `by`. Can lie below 0. NaN where the group or the others are absent. Units without
        inhabitants count in n: an empty quarter is a place where the group could live.

    Raises
    ------
    TypeError, ValueError
        See `by_area` and `near_sums`.

    References
    ----------
    Massey, D.S. & Denton, N.A. (1988). The dimensions of residential segregation. Social Forces
    67(2), 281-315.

    Examples
    --------
    >>> import numpy as np
    >>> absolute_clustering([10, 0, 0], [0, 10, 10], np.eye(3))
    1.0
    """
    areas, x, y, near = _near(group, others, proximity, by)
    all_x, all_y = areas.sums(x), areas.sums(y)
    alike = ratio(all_x, areas.sizes.astype(float) ** 2) * areas.sums(near[:, 2])
    own = ratio(areas.sums(x * near[:, 0]), all_x)
    everybody = own + ratio(areas.sums(x * near[:, 1]), all_x)
    values = ratio(own - alike, everybody - alike)
    return areas.result(np.where(all_y > 0, values, np.nan), "absolute_clustering")


def relative_clustering(
    group: Column, others: Column, proximity: Proximity, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the index of relative clustering RCL of every area.

    RCL = P_xx/P_yy - 1, with P_xx = sum_ij x_i x_j c_ij / X^2 the mean proximity of two members of
    the group, and P_yy that of two others.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    proximity : DistanceDecay, or matrix of shape (n, n)
        c_ij, c_ii included, see `exponential_proximity` and `near_sums`.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        >= -1, without an upper bound: 0 where members of the group live as near each other as the
        others do, above 0 where they live nearer; by area, sorted; one number without `by`. NaN
        where the group or the others are absent, or no two others are near each other.

    Raises
    ------
    TypeError, ValueError
        See `by_area` and `near_sums`.

    References
    ----------
    Massey, D.S. & Denton, N.A. (1988). The dimensions of residential segregation. Social Forces
    67(2), 281-315.

    Examples
    --------
    >>> import numpy as np
    >>> relative_clustering([10, 0, 0], [0, 10, 10], np.eye(3))
    1.0
    """
    areas, x, y, near = _near(group, others, proximity, by)
    of_group = ratio(areas.sums(x * near[:, 0]), areas.sums(x) ** 2)
    of_others = ratio(areas.sums(y * near[:, 1]), areas.sums(y) ** 2)
    return areas.result(ratio(of_group, of_others) - 1, "relative_clustering")


def spatial_proximity(
    group: Column, others: Column, proximity: Proximity, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return White's index of spatial proximity SP of every area.

    SP = (X P_xx + Y P_yy) / (T P_tt), with P_xx = sum_ij x_i x_j c_ij / X^2 the mean proximity of
    two members of the group, P_yy that of two others and P_tt that of two inhabitants.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    proximity : DistanceDecay, or matrix of shape (n, n)
        c_ij, c_ii included, see `exponential_proximity` and `near_sums`.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        1 where the two live no nearer to their own than to each other, above 1 where they do, below
        1 where they live nearer to each other; by area, sorted; one number without `by`. NaN where
        the group or the others are absent, or nobody is near anybody.

    Raises
    ------
    TypeError, ValueError
        See `by_area` and `near_sums`.

    References
    ----------
    White, M.J. (1983). The measurement of spatial segregation. American Journal of Sociology
    88(5), 1008-1018.

    Examples
    --------
    >>> import numpy as np
    >>> spatial_proximity([10, 0], [0, 10], np.eye(2))
    2.0
    """
    areas, x, y, near = _near(group, others, proximity, by)
    all_x, all_y = areas.sums(x), areas.sums(y)
    own = ratio(areas.sums(x * near[:, 0]), all_x) + ratio(areas.sums(y * near[:, 1]), all_y)
    together = areas.sums((x + y) * (near[:, 0] + near[:, 1]))
    return areas.result(ratio(own * (all_x + all_y), together), "spatial_proximity")


def _near(
    group: Column, others: Column, proximity: Proximity, by: Column | Areas | None
) -> tuple[Areas, np.ndarray, np.ndarray, np.ndarray]:
    """Return areas, laid-out counts, and the group, the others and the units near each unit."""
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    return areas, x, y, near_sums(proximity, areas, np.column_stack([x, y, np.ones(len(x))]))
