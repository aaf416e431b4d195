"""New Towns beside each other, and where low and far fall together."""

import numpy as np
import pandas as pd
import pytest
from pieces import check_told

from analysis.evidence.coincidence import BY_CHANCE, KIND, PEOPLE, TOGETHER, kind_by_buurt, together
from analysis.evidence.comparison import middle_of_others
from analysis.evidence.frame import evidence_frame
from analysis.figures import new_town_claims
from analysis.reports import chapter_coincidence, chapter_new_towns

FACTS = {"year": 2024, "source": "Bron", "area_code": "GM1", "area_name": "Dorp"}


def town(low, far, people=None):
    n = len(low)
    return pd.DataFrame(
        {"woz": low, "gp": far, "inhabitants": people or [100.0] * n},
        index=[f"BU{k}" for k in range(n)],
    )


def test_the_lowest_and_the_farthest_fifth():
    low = [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    far = [9.0, 1, 2, 3, 4, 5, 6, 7, 8, 0.5]
    table = town(low, far)
    kept = table.copy()
    rows, codes = together(table, "woz", "gp", **FACTS)
    # Lowest: BU0, BU1; farthest: BU0 (9), BU8 (8). Together BU0: 1 of 10; by chance 0.2 x 0.2.
    found = rows.set_index("measure")["value"]
    assert codes.tolist() == ["BU0"] and found[TOGETHER] == 1
    assert found[PEOPLE] == pytest.approx(0.1) and found[BY_CHANCE] == pytest.approx(0.04)
    pd.testing.assert_frame_equal(table, kept)


def test_a_fifth_is_one_of_people_and_ties_stay_together():
    # The lowest buurt holds 300 of 1,200: more than a fifth, so that nobody is in it.
    people = [300.0] + [100.0] * 9
    rows, codes = together(town(range(10), range(10, 0, -1), people), "woz", "gp", **FACTS)
    assert len(codes) == 0 and rows.set_index("measure")["value"][TOGETHER] == 0
    # Three alike at the bottom are 30 %: none of them.
    rows, _ = together(town([1, 1, 1, *range(4, 11)], [9.0] * 3 + [1.0] * 7), "woz", "gp", **FACTS)
    assert rows.set_index("measure")["value"][BY_CHANCE] == 0


def test_too_little_known_is_withheld():
    rows, codes = together(town([np.nan] * 3 + [1.0] * 7, [1.0] * 10), "woz", "gp", **FACTS)
    assert rows["status"].eq("suppressed").all() and len(codes) == 0
    rows, _ = together(town([1.0] * 9, [1.0] * 9), "woz", "gp", **FACTS)
    assert rows["status"].eq("too_small").all()
    rows, _ = together(town([1.0] * 10, [1.0] * 10).drop(columns="gp"), "woz", "gp", **FACTS)
    assert rows["status"].eq("suppressed").all()


def test_each_buurt_is_in_neither_the_one_the_other_or_both():
    low = [1.0, 2, 3, 4, 5, 6, 7, 8, 9, np.nan]
    far = [9.0, 1, 2, 3, 4, 5, 6, 7, 8, 9.0]
    table = town(low, far).assign(region_name="Buurt")
    kept = table.copy()
    reasons = pd.DataFrame({"woz": [""] * 9 + ["below_threshold"], "gp": ""}, index=table.index)
    rows = kind_by_buurt(table, "woz", "gp", year=2024, source="Bron", reasons=reasons)
    found = rows.set_index("area_code")
    # Of nine with both figures a fifth is one: BU0 is the lowest and the farthest.
    assert found["value"].tolist()[:9] == [3, *[0] * 8]
    assert found["status"].tolist() == ["ok"] * 9 + ["below_threshold"]
    assert np.isnan(found.loc["BU9", "value"])
    apart = town(range(10), [9.0, 1, 2, 3, 4, 5, 6, 7, 8, 0.5]).assign(region_name="Buurt")
    rows = kind_by_buurt(apart, "woz", "gp", year=2024, source="Bron", reasons=reasons.iloc[:0])
    # Lowest: BU0 and BU1; farthest: BU0 and BU8.
    assert rows["value"].tolist() == [3, 1, 0, 0, 0, 0, 0, 0, 2, 0]
    numbers, codes = together(apart, "woz", "gp", **FACTS)
    assert rows.loc[rows["value"].eq(3), "area_code"].tolist() == codes.tolist()
    pd.testing.assert_frame_equal(table, kept)


def test_a_buurt_with_both_figures_and_unknown_people_is_not_told():
    table = town(range(10), range(10), [np.nan] + [100.0] * 9).assign(region_name="Buurt")
    reasons = pd.DataFrame("", index=table.index, columns=["woz", "gp"])
    rows = kind_by_buurt(table, "woz", "gp", year=2024, source="Bron", reasons=reasons)
    assert rows["status"].tolist() == ["suppressed"] + ["ok"] * 9


def test_with_boundaries_what_falls_together_is_a_map(example_dossier, real_dossier):
    drawn = chapter_coincidence.social_and_physical(example_dossier)
    assert "<svg" in drawn.body and {"samen", "code", "inwoners"} <= set(drawn.table.columns)
    kinds = drawn.rows[drawn.rows["measure"].eq(KIND)]
    both = drawn.rows.loc[drawn.rows["measure"].eq(TOGETHER), "value"].iloc[0]
    assert kinds["value"].eq(3).sum() == both == drawn.table["samen"].eq("laag en ver weg").sum()
    assert kinds["area_code"].is_unique and len(drawn.table) == len(kinds)
    # The real tables lie here without boundaries.
    listed = chapter_coincidence.social_and_physical(real_dossier)
    assert "<svg" not in listed.body and "samen" not in listed.table


def of(*values, units=20):
    rows = evidence_frame([
        {"area_code": f"GM{n}", "area_name": "Stad" if n == 0 else f"Dorp {n}", "year": 2024,
         "level": level, "measure": "dissimilarity", "group": "g", "value": value,
         "status": "unlike_size" if np.isnan(value) else "ok", "units": units, "source": "Bron"}
        for n, value in enumerate(values) for level in ("wijk", "buurt")
    ])  # fmt: skip
    return pd.concat([rows, middle_of_others(rows, "GM0")], ignore_index=True)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ((0.30, 0.20, 0.22, 0.24), "ongelijker verspreid dan in 3 andere New Towns (0,30; de mid"),
        ((0.10, 0.20, 0.22, 0.24), "gelijker verspreid"),
        ((0.22, 0.20, 0.22, 0.24), "ongeveer even ongelijk"),
        # Two others have no middle one: they are named.
        ((0.30, 0.20, 0.25), "Alleen met Dorp 2 0,25 en Dorp 1 0,20 is te vergelijken"),
        ((0.22, np.nan), "niet met andere New Towns"),
        ((np.nan, 0.2), "niet met andere New Towns"),
    ],
)
def test_titles_on_two_levels(values, says):
    said = new_town_claims.levels(of(*values), "Stad", "ouderen")
    assert says in said
    outside = new_town_claims.levels(of(*values), "Stad", "ouderen", member=False)
    assert "andere" not in outside and ("New Towns" in outside or "Alleen met" in outside)


def test_two_buurten_are_too_few_to_stand_beside_others():
    rows = of(0.06, 0.20, 0.22, 0.24)
    rows.loc[rows["area_code"].eq("GM0") & rows["measure"].eq("dissimilarity"), "units"] = 2
    said = new_town_claims.levels(rows, "Stad", "ouderen", member=False)
    assert said == "Stad heeft maar 2 buurten: te weinig om met New Towns te vergelijken"


def test_the_median_of_the_others():
    row = of(0.3, 0.2, 0.26, 0.24).iloc[-1]
    assert row["value"] == 0.24 and row["units"] == 3


def test_titles_on_first_and_last():
    rows = pd.DataFrame({"group": "w", "area_code": list("abcd"), "value": [4.0, 3, 2, 1]})
    heads = {"w": ("woningwaarde", "count")}
    dated = {"w": ("woningwaarde (2024)", "count")}
    for known in (heads, dated):
        said = new_town_claims.beside(rows, "a", "Stad", known)
        assert said == "Stad staat van de New Towns bovenaan bij woningwaarde (4)"
    assert "onderaan bij" in new_town_claims.beside(rows, "d", "Stad", heads)
    assert "geen van deze" in new_town_claims.beside(rows, "b", "Stad", heads)
    assert "geen van deze" in new_town_claims.beside(rows.iloc[:3], "a", "Stad", heads)
    outside = new_town_claims.beside(rows, "a", "Stad", heads, member=False)
    assert outside.startswith("Naast de New Towns staat Stad bovenaan bij")
    assert "Naast de New Towns is Stad" in new_town_claims.beside(
        rows, "b", "Stad", heads, member=False
    )


def test_titles_on_old_wijken():
    rows = pd.DataFrame({
        "group": ["old"] * 4 + ["woz"] * 4, "area_code": list("abcd") * 2,
        "value": [0.9, 0.5, 0.4, 0.1, 200, 300, 310, 400],
    })  # fmt: skip
    said = new_town_claims.oldest(rows, "old", "woz", "oude woningen", "waarde", "count")
    assert "(90%) heeft waarde 200, die met de minste (10%) 400" in said
    few = rows[rows["area_code"].isin(["a", "b"])]
    assert "niet te zeggen" in new_town_claims.oldest(few, "old", "woz", "o", "w", "count")
    alike = rows.assign(value=rows["value"].where(rows["group"].eq("woz"), 0.5))
    assert "even veel" in new_town_claims.oldest(alike, "old", "woz", "o", "w", "count")


def test_titles_on_what_falls_together():
    rows, _ = together(town(range(10), [9.0, 1, 2, 3, 4, 5, 6, 7, 8, 0.5]), "woz", "gp", **FACTS)
    said = new_town_claims.fall_together(rows, "lage inkomens", "een huisarts")
    assert (
        said.startswith("In 1 buurt vallen lage inkomens en een lange weg naar een huisarts samen")
        and "10% van de inwoners (zonder verband 4%)" in said
    )
    none = rows.assign(value=0.0)
    told = new_town_claims.fall_together(none, "lage inkomens", "een huisarts")
    assert told.startswith("In geen van de 10 buurten met cijfers vallen lage inkomens en")
    gone = rows.assign(status="suppressed")
    assert "niet te zeggen" in new_town_claims.fall_together(gone, "x", "y")


@pytest.mark.parametrize(
    "piece",
    [
        chapter_new_towns.wijk_and_buurt, chapter_new_towns.in_figures,
        chapter_new_towns.oldest_wijken, chapter_coincidence.social_and_physical,
        chapter_new_towns.measured_or_not,
    ],
    ids=lambda piece: piece.__name__,
)  # fmt: skip
def test_every_piece_is_a_figure_or_says_why_not(piece, example_dossier, real_dossier):
    for dossier in (example_dossier, real_dossier):
        check_told(piece(dossier))


def test_only_towns_with_units_of_like_size_are_compared(real_dossier):
    rows = chapter_new_towns.wijk_and_buurt(real_dossier).rows
    buurten = rows[rows["level"].eq("buurt") & rows["measure"].eq("dissimilarity")]
    sizes = buurten.set_index("area_code")["median_unit_size"]
    kept = buurten[buurten["status"].eq("ok")]["area_code"]
    assert len(kept) > 1 and sizes[kept].between(sizes["GM0637"] / 2, sizes["GM0637"] * 2).all()
