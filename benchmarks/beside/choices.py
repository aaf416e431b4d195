"""Comparisons without a map: where one more facility does most, and inequality over people."""

import argparse

import numpy as np
import pandas as pd

from analysis.measures.areas import lay_out
from analysis.measures.inequality import gini_of_values
from analysis.measures.siting import max_cover
from analysis.measures.travel import straight_line_travel
from beside.sides import Side

SEED = 5
LIMIT = 800.0
MOST = 10


def mclp(options: argparse.Namespace) -> list[Side]:
    """Maximal cover, 1,000 demand points, 300 sites, k = 1 to 10, 800 m (made up)."""
    random = np.random.default_rng(SEED)
    homes, sites = (
        pd.DataFrame(random.uniform([100_000, 400_000], [110_000, 410_000], (n, 2)),
                     columns=["east", "north"])
        for n in (1_000, 300)
    )  # fmt: skip
    people = pd.Series(random.integers(1, 100, len(homes)).astype(float))

    def ours() -> np.ndarray:
        travel = straight_line_travel(homes, sites, LIMIT, detour=1, own=0)
        return max_cover(travel, people, range(1, MOST + 1)).value.to_numpy()

    def spopt() -> np.ndarray:
        import pulp
        from spopt.locate import MCLP

        apart = homes.to_numpy()[:, None, :] - sites.to_numpy()[None, :, :]
        costs = np.hypot(apart[..., 0], apart[..., 1])
        found = []
        for k in range(1, MOST + 1):
            model = MCLP.from_cost_matrix(costs, people.to_numpy(), LIMIT, p_facilities=k)
            solved = model.solve(pulp.PULP_CBC_CMD(msg=False))
            found.append(pulp.value(solved.problem.objective))
        return np.array(found)

    return [Side("ours", ours, 3), Side("spopt", spopt)]


def inequality(options: argparse.Namespace) -> list[Side]:
    """Gini of ten distances, 345 gemeenten, 14,400 buurten; ours also by people (made up)."""
    random = np.random.default_rng(SEED)
    area = np.sort(random.integers(0, 345, 14_400))
    values = random.lognormal(0, 0.8, (10, len(area)))
    people = np.round(random.lognormal(6.6, 1.0, len(area)))
    one = np.ones(len(area))

    def unweighted() -> np.ndarray:
        areas = lay_out(area)
        return np.stack([gini_of_values(value, one, areas) for value in values])

    def weighted() -> np.ndarray:
        areas = lay_out(area)
        return np.stack([gini_of_values(value, people, areas) for value in values])

    def pysal() -> np.ndarray:
        from inequality.gini import Gini

        places = [area == code for code in range(345)]
        return np.array([[Gini(value[place]).g for place in places] for value in values])

    return [
        Side("ours", unweighted, 5),
        Side("PySAL, unweighted", pysal),
        Side("ours, by people", weighted, 5),
    ]
