import numpy as np
import pandas as pd
import pytest

from analysis.evidence.frame import evidence_frame
from analysis.evidence.ranking import ranking, unlike_units
from analysis.reports import chapter_ranking
from analysis.reports.dossier import open_dossier
from analysis.sources.errors import InputError


def indices(*values, sizes=None, units=10, status=None) -> pd.DataFrame:
    """Return one dissimilarity per area A, B, C, ..."""
    return evidence_frame(
        [
            {
                "area_code": chr(65 + n), "year": 2024, "level": "buurt",
                "measure": "dissimilarity", "group": "low", "value": value, "units": units,
                "median_unit_size": (sizes or [1000] * len(values))[n], "source": "Bron",
                "status": "ok" if value == value else (status or "suppressed"),
            }
            for n, value in enumerate(values)
        ]
    )  # fmt: skip


def drawn(**by_area) -> pd.DataFrame:
    return pd.DataFrame(by_area).T


def test_places_and_how_sure_they_are():
    # Of four draws: B is above A in three, A above C in all.
    draws = drawn(A=[0.20, 0.20, 0.20, 0.32], B=[0.30, 0.31, 0.29, 0.30], C=[0.1, 0.1, 0.1, 0.1])
    rows = ranking(indices(0.20, 0.30, 0.10), draws).set_index(["measure", "area_code"])
    assert rows.loc["rank", "value"].to_dict() == {"B": 1, "A": 2, "C": 3}
    assert rows.loc["above_next", "value"].to_dict() == {"B": 0.75, "A": 1.0}
    assert rows.loc[("rank", "B"), ["low", "high"]].tolist() == [1, 2]
    assert rows.loc[("rank", "C"), ["low", "high"]].tolist() == [3, 3]
    assert rows["status"].eq("ok").all() and rows.loc["rank", "interval"].eq("rounding").all()


def test_equal_values_share_a_place():
    draws = drawn(A=[0.2, 0.2], B=[0.2, 0.2], C=[0.1, 0.1])
    rows = ranking(indices(0.2, 0.2, 0.1), draws).set_index(["measure", "area_code"])
    assert rows.loc["rank", "value"].to_dict() == {"A": 1, "B": 1, "C": 3}


def test_an_area_without_a_value_has_no_place_and_says_why():
    rows = ranking(indices(0.2, np.nan, 0.1), drawn(A=[0.2], C=[0.1]))
    absent = rows[rows["area_code"].eq("B")]
    assert absent["status"].tolist() == ["suppressed"] and absent["value"].isna().all()
    assert rows.loc[rows["measure"].eq("rank"), "value"].dropna().tolist() == [1, 2]


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        # Almere's wijken of 2020 beside Nieuwegein's: 23,270 and 1,757.5.
        (indices(0.1, 0.2, sizes=[23270, 1757.5]), "unlike_size"),
        (indices(0.1, 0.2, sizes=[4000, 1000]), ""),
        (indices(0.1, 0.2, sizes=[4001, 1000]), "unlike_size"),
        (indices(0.1, 0.2, units=1), "single_unit"),
    ],
)
def test_units_that_are_unlike(found, reason):
    assert unlike_units(found) == reason


def test_one_wijk_that_holds_half_the_people():
    assert unlike_units(indices(0.1, 0.2), pd.Series({"A": 0.52, "B": 0.19})) == "one_large_unit"
    assert unlike_units(indices(0.1, 0.2), pd.Series({"A": 0.40, "B": 0.19})) == ""


def test_an_order_on_unlike_units_is_withheld_unless_forced():
    found = indices(0.1, 0.2, np.nan, sizes=[23270, 1757.5, 1000])
    draws = drawn(A=[0.1], B=[0.2])
    kept = found.copy(), draws.copy()
    refused = ranking(found, draws)
    assert refused["status"].tolist() == ["unlike_size", "unlike_size", "suppressed"]
    assert refused[["value", "low", "high"]].isna().all(axis=None)
    forced = ranking(found, draws, force=True)
    assert forced.loc[forced["measure"].eq("rank"), "value"].dropna().tolist() == [1, 2]
    pd.testing.assert_frame_equal(found, kept[0])
    pd.testing.assert_frame_equal(draws, kept[1])


def test_a_place_lies_inside_its_own_interval():
    # All draws lean to one side of the published values.
    rows = ranking(indices(0.2, 0.1), drawn(A=[0.05] * 9, B=[0.1] * 9))
    ranks = rows[rows["measure"].eq("rank")]
    assert (ranks["low"] <= ranks["value"]).all() and (ranks["value"] <= ranks["high"]).all()


def test_nobody_has_a_value():
    rows = ranking(indices(np.nan, np.nan), drawn())
    assert len(rows) == 2 and rows["value"].isna().all()


def test_one_area_is_first_of_one():
    rows = ranking(indices(0.2), drawn(A=[0.1, 0.3]))
    assert rows[["measure", "value", "low", "high"]].to_numpy().tolist() == [["rank", 1, 1, 1]]


def test_what_cannot_be_ranked():
    both = pd.concat([indices(0.2), indices(0.3).assign(measure="gini")])
    with pytest.raises(ValueError, match="one measure"):
        ranking(both, drawn(A=[0.2]))
    with pytest.raises(ValueError, match="needs its draws"):
        ranking(indices(0.2, 0.1), drawn(A=[0.2]))


def test_gemeenten_of_ones_own_choice(real_raw):
    dossier = open_dossier("Zoetermeer", raw=str(real_raw), compare="Almere, Lelystad,Zoetermeer")
    assert dossier.compared == ("GM0034", "GM0995")
    figure = chapter_ranking.among_chosen(dossier)
    shown = figure.rows[figure.rows["measure"].eq("dissimilarity")]
    assert set(shown["area_code"]) == {"GM0637", "GM0034", "GM0995"}
    itself = open_dossier("Zoetermeer", raw=str(real_raw), compare="GM0637")
    assert "--vergelijk" in chapter_ranking.among_chosen(itself).sentence
    with pytest.raises(InputError, match="Almeer"):
        open_dossier("Zoetermeer", raw=str(real_raw), compare="Almeer")


def test_an_area_of_one_unit_has_no_place_and_takes_none_from_others():
    # Rozendaal has one buurt with figures in 2020: an index of 0 by itself.
    rows = indices(0.2, 0.0, 0.1)
    rows.loc[1, ["status", "units"]] = ["single_unit", 1]
    placed = ranking(rows, drawn(A=[0.2], C=[0.1])).set_index(["measure", "area_code"])
    assert placed.loc["rank", "value"].dropna().to_dict() == {"A": 1, "C": 2}
    assert placed.loc[("rank", "B"), "status"] == "single_unit"
