"""Social infrastructure per wijk after Klinenberg: an index of domains, ranks with intervals."""

import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame
from analysis.evidence.local import SMALLEST_REGION
from analysis.measures.composite import composite_index, domain_scores, rank_interval
from analysis.measures.density import density_per_1000
from analysis.measures.offer_diversity import rarefied_kinds

INDEX, RANK, KINDS = "infrastructure_index", "infrastructure_rank", "rarefied_kinds_of_10"
# Fewer domains or wijken than this make no index.
FEWEST_DOMAINS = 3
FEWEST_UNITS = 3
_SAMPLE = 10


def infrastructure(
    counts: pd.DataFrame,
    people: pd.Series,
    names: pd.Series,
    domain: pd.Series,
    *,
    level: str,
    year: int,
    source: str,
) -> pd.DataFrame:
    """Return the index of social infrastructure of every region, its rank and its variety.

    Facilities of each kind per 1,000 inhabitants, standardised over the regions; the mean per
    domain; the mean of the domains.

    Parameters
    ----------
    counts : DataFrame of shape (n, kinds)
        Facilities of each kind in each region; NaN in a region where could not be looked.
    people : Series of float
        Inhabitants, on the same index.
    names : Series of str
        Of the regions.
    domain : Series of str
        Domain of each kind.
    level, year, source
        As in the evidence table.

    Returns
    -------
    DataFrame
        Per region evidence rows 'infrastructure_index' (0 is the mean of the regions),
        'infrastructure_rank' (1 has most; `low` and `high` over 2,000 drawn weights of the domains,
        interval 'weights') and 'rarefied_kinds_of_10' (kinds among ten facilities). 'too_small'
        under 50 inhabitants, 'suppressed' where could not be looked. Where fewer than three
        domains or regions are left every index is 'not_comparable'.
    """
    status = pd.Series("ok", index=counts.index)
    status = status.mask(people.reindex(counts.index).fillna(0) < SMALLEST_REGION, "too_small")
    status = status.mask(counts.isna().any(axis=1), "suppressed")
    good = status.eq("ok")
    used = counts[good]
    used = used.loc[:, used.sum().gt(0)]
    domains = domain.reindex(used.columns)
    enough = good.sum() >= FEWEST_UNITS and domains.nunique() >= FEWEST_DOMAINS
    index = ranks = None
    if enough:
        density = used.apply(lambda one: density_per_1000(one, people[used.index]))
        scores = domain_scores(density, domains)
        index, ranks = composite_index(scores), rank_interval(scores)
    varied = rarefied_kinds(used, _SAMPLE) if len(used.columns) else pd.Series(np.nan, used.index)
    base = {"year": year, "level": level, "group": "all_kinds", "source": source, "units": 1}
    rows = []
    for code in counts.index:
        shared = base | {"area_code": code, "area_name": names[code],
                         "median_unit_size": people[code]}  # fmt: skip
        told = status[code] if status[code] != "ok" or enough else "not_comparable"
        known = told == "ok"
        rows.append(shared | {"measure": INDEX, "status": told,
                              "value": index[code] if known else np.nan})  # fmt: skip
        rank = ranks.loc[code] if known else {"rank": np.nan, "low": np.nan, "high": np.nan}
        rows.append(shared | {"measure": RANK, "status": told, "value": rank["rank"],
                              "low": rank["low"], "high": rank["high"],
                              "interval": "weights" if known else ""})  # fmt: skip
        kinds = varied.get(code, np.nan)
        why = status[code] if status[code] != "ok" else "too_small"
        rows.append(shared | {"measure": KINDS, "value": kinds,
                              "status": why if np.isnan(kinds) else "ok"})  # fmt: skip
    return evidence_frame(rows)
