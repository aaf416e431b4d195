"""Who is farther from facilities: inequality over inhabitants, and groups beside all others."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analysis.evidence.frame import ENOUGH_COVERED, evidence_frame
from analysis.evidence.groups import Group, counts
from analysis.measures.fairness import (
    access_poverty,
    concentration_index,
    erreygers_index,
    group_ratio,
)
from analysis.measures.inequality import (
    gini_of_values,
    lorenz_curve,
    palma_ratio,
    theil_parts,
)

# A walk of a quarter of an hour.
LINE_KM = 1.0
BETWEEN = "theil_share_between_wijken"
BEYOND = f"share_beyond_{LINE_KM:g}_km"
BOOTSTRAP = "bootstrap 95%"
# Tenths of the people at which the curve is told.
TENTHS = np.linspace(0, 1, 11)
_DRAWS = 400
_FEWEST = 5


def over_inhabitants(
    buurten: pd.DataFrame,
    concepts: Sequence[str],
    *,
    year: int,
    source: str,
    area_code: str,
    area_name: str,
    seed: int = 0,
) -> pd.DataFrame:
    """Return how unequal distances are over the inhabitants of one gemeente.

    Parameters
    ----------
    buurten : DataFrame
        Region table of the gemeente's buurten: `inhabitants`, `wk_code` and the concepts, each the
        mean distance of a buurt in km.
    concepts : sequence of str
    year, source, area_code, area_name
        As in the evidence table.
    seed : int, optional

    Returns
    -------
    DataFrame
        Per concept (as group) evidence rows 'gini_of_values', 'palma_ratio',
        'theil_share_between_wijken' and 'share_beyond_1_km', with intervals of a bootstrap over
        buurten. What differs inside a buurt is not in them: they are lower bounds. 'suppressed'
        under 80 % of the inhabitants covered, 'too_small' under 5 buurten.
    """
    rows = []
    for concept in concepts:
        value, people, wijk, facts = _known(buurten, concept)
        measures: dict[str, Callable] = {
            gini_of_values.__name__: lambda x, w, _: gini_of_values(x, w),
            palma_ratio.__name__: lambda x, w, _: palma_ratio(x, w),
            BETWEEN: _between,
            BEYOND: lambda x, w, _: access_poverty(x, w, LINE_KM, beyond=True),
        }
        for name, function in measures.items():
            found = _interval(function, value, people, wijk, facts["status"], seed)
            rows.append(facts | found | {
                "area_code": area_code, "area_name": area_name, "year": year, "level": "buurt",
                "measure": name, "group": concept, "source": source,
            })  # fmt: skip
    return evidence_frame(rows)


def curves_over_inhabitants(
    buurten: pd.DataFrame,
    concepts: Sequence[str],
    *,
    year: int,
    source: str,
    area_code: str,
    area_name: str,
) -> pd.DataFrame:
    """Return the Lorenz curve of each distance, told at every tenth of the inhabitants.

    Parameters
    ----------
    buurten, concepts, year, source, area_code, area_name
        See `over_inhabitants`.

    Returns
    -------
    DataFrame
        Per concept 11 evidence rows 'lorenz_curve_0.0' to 'lorenz_curve_1.0': the share, 0 to 1,
        of all distance together of those who live nearest. Statuses as in `over_inhabitants`.
    """
    rows = []
    for concept in concepts:
        value, people, _, facts = _known(buurten, concept)
        told = np.full(len(TENTHS), np.nan)
        if facts["status"] == "ok":
            curve = lorenz_curve(value, people)
            told = np.interp(TENTHS, curve["people"], curve["total"])
        for tenth, share in zip(TENTHS, told, strict=True):
            rows.append(facts | {
                "area_code": area_code, "area_name": area_name, "year": year, "level": "buurt",
                "measure": f"lorenz_curve_{tenth:.1f}", "group": concept, "value": share,
                "source": source,
            })  # fmt: skip
    return evidence_frame(rows)


def beyond_by_wijk(
    buurten: pd.DataFrame, concept: str, wijken: pd.Series, *, year: int, source: str
) -> pd.DataFrame:
    """Return per wijk which share of the inhabitants lives in buurten beyond a walk.

    Parameters
    ----------
    buurten : DataFrame
        See `over_inhabitants`.
    concept : str
    wijken : Series of str
        Names by code.
    year, source
        As in the evidence table.

    Returns
    -------
    DataFrame
        Per wijk an evidence row 'share_beyond_1_km', 0 to 1: of who lives in a buurt whose mean
        distance is over 1 km. 'suppressed' under 80 % of the inhabitants covered, 'uninhabited'.
    """
    rows = []
    for code, name in wijken.items():
        value, people, _, facts = _known(buurten[buurten["wk_code"].eq(code)], concept)
        # A wijk may well have fewer buurten than an interval asks for.
        status = "suppressed" if facts["status"] == "suppressed" else "ok"
        if not len(value):
            status = "suppressed" if status == "suppressed" else "uninhabited"
        rows.append(facts | {
            "area_code": code, "area_name": name, "year": year, "level": "wijk",
            "measure": BEYOND, "group": concept, "source": source, "status": status,
            "value": access_poverty(value, people, LINE_KM, beyond=True)
            if status == "ok" else np.nan,
        })  # fmt: skip
    return evidence_frame(rows)


def beside_others(
    buurten: pd.DataFrame,
    concepts: Sequence[str],
    group: Group,
    *,
    year: int,
    source: str,
    area_code: str,
    area_name: str,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the mean distance of a group over that of all others, per concept.

    Parameters
    ----------
    buurten, concepts, year, source, area_code, area_name, seed
        See `over_inhabitants`.
    group : Group
        A group that can be counted in these buurten.

    Returns
    -------
    DataFrame
        Per concept an evidence row 'group_ratio' (group '<concept> | <group>') with the interval
        of a bootstrap over buurten: below 1 the group lives nearer. Every member of a buurt is
        taken to be as far as its buurt. Statuses as in `over_inhabitants`, and 'group_absent'.
    """
    counted = counts(buurten, group)
    rows = []
    for concept in concepts:
        value, _, _, facts = _known(buurten, concept, counted["total"].notna())
        own = counted.loc[value.index]

        def ratio_of(x, times, _, own=own):
            return group_ratio(x, own["group"].to_numpy() * times, own["others"].to_numpy() * times)

        ones = pd.Series(1.0, index=value.index)
        found = _interval(ratio_of, value, ones, ones, facts["status"], seed)
        rows.append(facts | found | {
            "area_code": area_code, "area_name": area_name, "year": year, "level": "buurt",
            "measure": group_ratio.__name__, "group": f"{concept} | {group.key}",
            "source": source,
        })  # fmt: skip
    return evidence_frame(rows)


def along_order(
    buurten: pd.DataFrame,
    concepts: Sequence[str],
    order: str,
    *,
    year: int,
    source: str,
    area_code: str,
    area_name: str,
    seed: int = 0,
) -> pd.DataFrame:
    """Return whether those low in an order, say of income, live farther from facilities.

    Parameters
    ----------
    buurten, concepts, year, source, area_code, area_name, seed
        See `over_inhabitants`.
    order : str
        Concept by which buurten are ordered, lowest first; those without it are left out.

    Returns
    -------
    DataFrame
        Per concept (group '<concept> | <order>') a row 'concentration_index' of the distance and a
        row 'erreygers_index' of living in a buurt beyond a walk, both -1 to 1 with the interval
        of a bootstrap over buurten: above 0 those high in the order are farther, below 0 those
        low in it. Statuses as in `over_inhabitants`.
    """
    rows = []
    place = buurten.get(order, pd.Series(np.nan, index=buurten.index))
    for concept in concepts:
        value, people, _, facts = _known(buurten, concept, place.notna())
        rank = place[value.index].to_numpy(dtype=float)
        measures = {
            concentration_index.__name__: lambda x, w, _, r=rank: concentration_index(x, r, w),
            erreygers_index.__name__: lambda x, w, _, r=rank: erreygers_index(
                np.asarray(x > LINE_KM, dtype=float), r, w
            ),
        }
        for name, function in measures.items():
            found = _interval(function, value, people, people, facts["status"], seed)
            rows.append(facts | found | {
                "area_code": area_code, "area_name": area_name, "year": year, "level": "buurt",
                "measure": name, "group": f"{concept} | {order}", "source": source,
            })  # fmt: skip
    return evidence_frame(rows)


def _known(
    buurten: pd.DataFrame, concept: str, also: pd.Series | None = None
) -> tuple[pd.Series, pd.Series, pd.Series, dict]:
    people = buurten["inhabitants"]
    value = buurten.get(concept, pd.Series(np.nan, index=buurten.index))
    known = value.notna() & people.gt(0)
    if also is not None:
        known &= also
    covered = people[known].sum() / people.sum() if people.sum() > 0 else 0.0
    status = "ok" if known.sum() >= _FEWEST else "too_small"
    if covered < ENOUGH_COVERED:
        status = "suppressed"
    facts = {
        "units": int(known.sum()), "units_missing": int((~known).sum()),
        "population_covered": covered, "status": status,
        "median_unit_size": people[known].median(),
    }  # fmt: skip
    return value[known].astype(float), people[known], buurten.loc[known, "wk_code"], facts


def _interval(function, value, weight, wijk, status: str, seed: int) -> dict:
    """Return a value with the interval of a bootstrap over units, or why there is none."""
    if status != "ok":
        return {"value": np.nan, "status": status}
    middle = function(value, weight, wijk)
    if np.isnan(middle):
        return {"value": np.nan, "status": "group_absent"}
    random = np.random.default_rng(seed)
    n = len(value)
    # A unit that is not drawn has nobody: the same as leaving it out, and quicker.
    columns = value.to_numpy(), weight.to_numpy(), pd.factorize(wijk)[0]
    drawn = [
        function(columns[0], columns[1] * times, columns[2])
        for times in random.multinomial(n, np.full(n, 1 / n), _DRAWS)
    ]
    low, high = np.nanquantile(drawn, [0.025, 0.975]) if not np.isnan(drawn).all() else (
        np.nan, np.nan)  # fmt: skip
    return {"value": middle, "low": low, "high": high, "interval": BOOTSTRAP}


def _between(value: pd.Series, weight: pd.Series, wijk: pd.Series) -> float:
    parts = theil_parts(value, weight, wijk).loc["all"]
    return float(parts["between"] / parts["theil"]) if parts["theil"] > 0 else np.nan
