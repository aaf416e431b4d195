"""Social infrastructure of wijken as evidence, and its titles."""

import numpy as np
import pandas as pd
import pytest

from analysis.evidence.infrastructure import INDEX, KINDS, RANK, infrastructure
from analysis.figures import infrastructure_claims
from analysis.measures.composite import composite_index, domain_scores

CODES = ["WK1", "WK2", "WK3", "WK4"]
DOMAIN = pd.Series({"library": "learning", "park": "green", "gp": "care", "school": "learning"})
NAMES = pd.Series({code: f"Wijk {code[-1]}" for code in CODES})
PEOPLE = pd.Series([1000.0, 2000, 1000, 500], CODES)
FACTS = {"level": "wijk", "year": 2024, "source": "Bron"}


def counts(**columns):
    return pd.DataFrame(columns, index=CODES, dtype=float)


def of(rows, measure):
    return rows[rows["measure"].eq(measure)].set_index("area_code")


FULL = counts(library=[4, 2, 1, 0], park=[6, 6, 1, 0], gp=[5, 4, 2, 0], school=[3, 3, 3, 0])


def test_values_are_those_of_the_measures():
    rows = infrastructure(FULL, PEOPLE, NAMES, DOMAIN, **FACTS)
    density = FULL.div(PEOPLE / 1000, axis=0)
    expected = composite_index(domain_scores(density, DOMAIN))
    np.testing.assert_allclose(of(rows, INDEX)["value"], expected)
    rank = of(rows, RANK)
    assert rank["value"].tolist() == [1, 2, 3, 4]
    # Best, and worst, in every domain: sure whatever they weigh.
    assert rank.loc["WK1", ["low", "high"]].tolist() == [1, 1]
    assert rank.loc["WK4", ["low", "high"]].tolist() == [4, 4]
    assert of(rows, KINDS).loc["WK4", "status"] == "too_small"
    title = infrastructure_claims.first_and_last(rank.reset_index())
    assert title.startswith("Wijk 1 heeft per inwoner het ruimste aanbod en Wijk 4 het krapste")


def test_where_could_not_be_looked_is_not_zero_and_few_people_do_not_count():
    seen = FULL.copy()
    seen.loc["WK2"] = np.nan
    rows = infrastructure(seen, PEOPLE, NAMES, DOMAIN, **FACTS)
    assert of(rows, INDEX)["status"].tolist() == ["ok", "suppressed", "ok", "ok"]
    tiny = infrastructure(FULL, PEOPLE.replace(500.0, 49.0), NAMES, DOMAIN, **FACTS)
    assert of(tiny, RANK)["status"].tolist() == ["ok", "ok", "ok", "too_small"]
    np.testing.assert_allclose(of(tiny, INDEX)["value"].dropna().sum(), 0, atol=1e-12)


@pytest.mark.parametrize(
    "given", [FULL[["library", "school", "park"]], FULL.iloc[:2].reindex(CODES)]
)
def test_too_few_domains_or_wijken_make_no_index(given):
    rows = infrastructure(given, PEOPLE, NAMES, DOMAIN, **FACTS)
    assert of(rows, INDEX)["value"].isna().all()
    assert "not_comparable" in set(of(rows, INDEX)["status"])
    told = infrastructure_claims.first_and_last(of(rows, RANK).reset_index())
    assert "niet te zeggen" in told


def test_titles_are_as_sure_as_the_order():
    rows = infrastructure(FULL, PEOPLE, NAMES, DOMAIN, **FACTS)
    rank = of(rows, RANK).reset_index()
    doubtful = rank.assign(low=1.0, high=4.0)
    assert "hangt af van wat" in infrastructure_claims.first_and_last(doubtful)
    only = doubtful.assign(high=[1.0, 4, 4, 4])
    assert "Wijk 1 heeft per inwoner het ruimste" in infrastructure_claims.first_and_last(only)
    last = doubtful.assign(low=[1.0, 1, 1, 4])
    assert "Wijk 4 heeft per inwoner het krapste" in infrastructure_claims.first_and_last(last)
