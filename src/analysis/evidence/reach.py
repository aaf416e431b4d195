"""Who can walk to a place from the middle of each buurt: the assumptions, once for all figures."""

import numpy as np
import pandas as pd

from analysis.measures.decay import binary
from analysis.measures.meeting import co_accessibility
from analysis.measures.travel import Travel

# Metres: a walk of about a quarter of an hour.
WALK = 1_000.0
# Walked metres per metre as the crow flies in Dutch towns: an assumption, told with every figure.
DETOUR = 1.3
COARSE = "coarse_origin"
# Of an area of A m2 the mean distance between two places in it is near the root of 0.6 A.
_OWN_SHARE = 0.6


def marked(rows: pd.DataFrame, *, coarse: bool) -> pd.DataFrame:
    """Return evidence rows on distance with status 'coarse_origin' where one point was a buurt.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows; what is not 'ok' stays what it is.
    coarse : bool
        Whether one point stood for each buurt.
    """
    return rows.assign(status=rows["status"].replace("ok", COARSE)) if coarse else rows


def own_way(area_m2: pd.Series) -> pd.Series:
    """Return the way in metres to what lies in the buurt itself, at most a walk.

    Parameters
    ----------
    area_m2 : Series of float
        Of each buurt.
    """
    return np.minimum(np.sqrt(_OWN_SHARE * area_m2), WALK)


def nearest_way(area_m2: pd.Series, number: pd.Series) -> pd.Series:
    """Return the way in metres from a home to the nearest of some places in its own area.

    detour * sqrt(A / n) / 2: half the root of the area per place is the mean distance to the
    nearest of places that lie anywhere. Beside CBS's own distances to schools this is nearer than
    no way at all and than the way to any place.

    Parameters
    ----------
    area_m2, number : Series of float
        Of each area, and how many places lie in it; where none does, the least that the way to
        one just outside can be is taken as if there were one.
    """
    return DETOUR * np.sqrt(area_m2 / np.maximum(number, 1)) / 2


def who_can_reach(travel: Travel, members: pd.DataFrame) -> pd.DataFrame:
    """Return the members of each group who live within a walk of each place.

    Parameters
    ----------
    travel : Travel
        From homes to places, with a limit of at least a walk.
    members : DataFrame
        Of each group, by home; none missing.
    """
    return co_accessibility(travel, binary(travel.distance, WALK), members.loc[travel.origins])
