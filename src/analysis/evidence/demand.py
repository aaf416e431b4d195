"""What reference norms ask of each facility, now and after growth, beside what there is."""

import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame
from analysis.measures.combining import combining_proposals
from analysis.measures.demand import AMOUNTS, CASES, demand

# In the words of the audience, for figures and tables.
STATUS_WORDS = {
    "no_norm": "geen norm ingevuld",
    "no_amount": "norm vraagt geen hoeveelheid",
    "m2_unknown": "aanbod in m² onbekend",
    "supply_unknown": "aanbod onbekend",
    "below_building": "vraag kleiner dan het kleinste zinvolle gebouw",
    "no_hours": "geen uren ingevuld",
}
STATUS_WORDS_OF_NORMS = {
    "law": "wet",
    "adopted": "vastgesteld",
    "guide value": "richtgetal",
    "press": "pers",
}
_UNITS = ("persons_per_unit", "minimum_per_gemeente")
# Of a norm that asks for m2 the supply is m2, of another the number of places.
_MEASURE = {True: "m2", False: "units"}
AT_MOST = "supply_m2_at_most"
WHEN = ("now", "growth", "after")


def demand_rows(norms: pd.DataFrame, cases: pd.DataFrame, *, when: str, area: pd.Series,
                assumptions: str) -> pd.DataFrame:  # fmt: skip
    """Return what norms ask of each facility as evidence rows, with the band of the cases.

    Parameters
    ----------
    norms : DataFrame
        Index facility; value, unit, group, body, year, status, written, building_m2.
    cases : DataFrame
        As `measures.demand.growth_cases` gives them: low, middle and high; or the one row of what
        is there now, named 'middle'.
    when : str
        'now', 'growth' (of new dwellings alone) or 'after' (both together).
    area : Series
        area_code, area_name, year, level.
    assumptions : str
        What the band is over, in words that the audience reads; '' without a band.

    Returns
    -------
    DataFrame
        Per facility a row with measure `demand_m2_<when>` or `demand_units_<when>`, the facility
        as group, low and high of the band; status 'ok', 'no_norm', 'no_amount' (a distance) or
        'no_denominator' (the people or area of the norm unknown). Where the norm has a smallest
        building also `building_use_<when>`: the demand as a share of that building, whose status
        is 'below_building' while it is under 1 in the middle of the band.
    """
    if when not in WHEN:
        raise ValueError(f"when is {when!r}: one of {', '.join(WHEN)}")
    found = demand(norms, cases)
    rows = []
    for facility, norm in norms.iterrows():
        status = _status(norm, found.loc[facility, "middle"])
        band = _band(found.loc[facility]) if status == "ok" else {}
        unit = _MEASURE[norm["unit"] not in _UNITS]
        shared = {
            **area[["area_code", "area_name", "year", "level"]].to_dict(),
            "group": facility,
            "interval": assumptions if "low" in band else "",
            "source": source_of(norm),
        }
        rows.append(shared | band | {"measure": f"demand_{unit}_{when}", "status": status})
        if status == "ok" and norm["building_m2"] > 0 and unit == "m2":
            use = {name: number / norm["building_m2"] for name, number in band.items()}
            fits = "ok" if use["value"] >= 1 else "below_building"
            rows.append(shared | use | {"measure": f"building_use_{when}", "status": fits})
    return evidence_frame(rows)


def supply_rows(
    norms: pd.DataFrame,
    points: pd.DataFrame,
    inside: pd.Series,
    *,
    area: pd.Series,
    source: str,
    ceiling: pd.Series | None = None,
) -> pd.DataFrame:
    """Return what there is of each facility, in the unit of its norm, as evidence rows.

    Parameters
    ----------
    norms : DataFrame
        Index facility, with unit. Without a unit (no norm) places are counted.
    points : DataFrame
        All facilities that are known of the gemeente: `kind` and, from its own list or from
        buildings by use, `m2` (NaN where unknown).
    inside : Series of bool
        Which points lie in the area, on their index.
    area : Series
        area_code, area_name, year, level.
    source : str
        Where the points come from.
    ceiling : Series of float, optional
        Per facility all floor of the use that it would be registered under, in m2: it can be no
        more than that, and is mostly much less. Its name says where it comes from.

    Returns
    -------
    DataFrame
        `supply_m2` or `supply_units`, with units the number of places. Floor is never made from a
        number of places: 'm2_unknown' where a place has none, with what is known as `low` and the
        places without as `units_missing`; then the ceiling, where there is one, is a row
        `supply_m2_at_most`. 0 only where the points hold that facility elsewhere; else nobody
        looked: 'supply_unknown' (of m2: 'm2_unknown').
    """
    m2 = points["m2"] if "m2" in points else pd.Series(np.nan, index=points.index)
    rows = []
    for facility, norm in norms.iterrows():
        is_m2 = norm["unit"] not in (*_UNITS, "")
        everywhere = points["kind"].eq(facility)
        here = everywhere & inside
        row = {
            **area[["area_code", "area_name", "year", "level"]].to_dict(),
            "measure": f"supply_{_MEASURE[is_m2]}",
            "group": facility,
            "source": source,
            "units": int(here.sum()) if everywhere.any() else pd.NA,
        }
        if not is_m2:
            counted = {"value": float(here.sum()), "status": "ok"}
            rows.append(row | (counted if everywhere.any() else {"status": "supply_unknown"}))
            continue
        without = int(m2[here].isna().sum())
        looked = m2[everywhere].notna().any()
        if looked and not without:
            rows.append(row | {"value": float(m2[here].sum()), "status": "ok"})
        else:
            least = float(m2[here].sum()) if m2[here].notna().any() else np.nan
            rows.append(row | {"low": least, "units_missing": without, "status": "m2_unknown"})
            if ceiling is not None and facility in ceiling.index:
                most = {"measure": AT_MOST, "value": ceiling[facility], "source": ceiling.name}
                rows.append(row | most | {"units": pd.NA})
    return evidence_frame(rows)


def gap_rows(asked: pd.DataFrame, supply: pd.DataFrame) -> pd.DataFrame:
    """Return demand minus supply per facility, with the band of the demand.

    Parameters
    ----------
    asked, supply : DataFrame
        As `demand_rows` (of one `when`) and `supply_rows` give them, of one area.

    Returns
    -------
    DataFrame
        `shortage_m2_<when>` or `shortage_units_<when>`: above 0 too little, below 0 to spare. The
        status of the first of the two that is unknown, the demand first. Where only a ceiling of
        the supply is known, `shortage_m2_at_least_<when>` too: the low demand minus the ceiling.
    """
    wanted = asked[asked["measure"].str.startswith("demand_")]
    most = supply[supply["measure"].eq(AT_MOST)].set_index("group")["value"]
    there = supply[supply["measure"].ne(AT_MOST)].set_index("group")
    rows = []
    for _, row in wanted.iterrows():
        has = there.loc[row["group"]]
        status = row["status"] if row["status"] != "ok" else has["status"]
        known = status == "ok"
        gap = {name: row[name] - has["value"] if known else np.nan
               for name in ("value", "low", "high")}  # fmt: skip
        shared = row.to_dict() | {
            "units": has["units"],
            "units_missing": has["units_missing"],
            "source": f"{row['source']}; {has['source']}",
        }
        rows.append(
            shared
            | gap
            | {
                "measure": row["measure"].replace("demand_", "shortage_"),
                "interval": row["interval"] if known else "",
                "status": status,
            }
        )
        if status == "m2_unknown" and row["group"] in most.index:
            least = row["value"] if pd.isna(row["low"]) else row["low"]
            apart = {"value": least - most[row["group"]], "low": np.nan, "high": np.nan}
            named = row["measure"].replace("demand_m2", "shortage_m2_at_least")
            rows.append(shared | apart | {"measure": named, "interval": ""})
    return evidence_frame(rows)


def combining_rows(norms: pd.DataFrame, asked: pd.DataFrame, hours: pd.DataFrame,
                   available: pd.Series, *, source: str) -> pd.DataFrame:  # fmt: skip
    """Return proposals for functions whose demand is below their smallest sensible building.

    Parameters
    ----------
    norms : DataFrame
        Index facility, with building_m2.
    asked : DataFrame
        As `demand_rows` gives them, of one area and `when`.
    hours, available : DataFrame, Series
        Hours per week per facility and part of the week: assumptions.
    source : str
        Where the hours come from.

    Returns
    -------
    DataFrame
        Per proposal, with the facilities as group ('a + b'): `combined_m2` (side by side; low
        when they take turns in the same rooms, high side by side at the high end of the demand;
        'below_building' when even that middle is under the smallest building of theirs),
        `hours_needed`, `hours_clash` and `hours_complement` (share of the hours without a clash).
        A function without hours has a row 'no_hours'.
    """
    per = asked[asked["measure"].str.startswith("demand_m2_") & asked["status"].eq("ok")]
    if per.empty:
        return evidence_frame([])
    per = per.set_index("group")
    building = norms["building_m2"].reindex(per.index)
    area = per.iloc[0][["area_code", "area_name", "year", "level"]].to_dict()
    rows = []
    for one in combining_proposals(per["value"], building, hours, available).to_dict("records"):
        names = list(one["facilities"])
        shared = {**area, "group": " + ".join(names), "source": source}
        most = per.loc[names, "high"].fillna(per.loc[names, "value"]).sum()
        floor = {
            "value": one["floor_apart"],
            "low": one["floor_shared"],
            "high": most,
            "interval": "om en om in dezelfde ruimten tot naast elkaar",
            "status": "ok" if one["fits"] else "below_building",
        }
        rows.append(shared | floor | {"measure": "combined_m2"})
        for measure in ("hours_needed", "hours_clash", "complement"):
            name = measure if measure.startswith("hours") else f"hours_{measure}"
            known = pd.notna(one[measure])
            rows.append(
                shared | {"measure": name, "value": one[measure],
                          "status": "ok" if known else "no_hours"}
            )  # fmt: skip
    small = per["value"].lt(building)
    for facility in per.index[small & ~per.index.isin(hours.index)]:
        rows.append(
            {**area, "group": facility, "source": source, "measure": "combined_m2",
             "status": "no_hours"}
        )  # fmt: skip
    return evidence_frame(rows)


def source_of(norm: pd.Series) -> str:
    """Return a norm with its status in words: 'norm: 50 m2 per woning, Den Haag 2021 (wet)'."""
    if not norm["written"]:
        return f"{STATUS_WORDS['no_norm']}: {norm['body']} {norm['year']}".rstrip(": ")
    who = f"{norm['body']} {norm['year']}".strip() or norm["source"] or "eigen norm"
    status = STATUS_WORDS_OF_NORMS.get(norm["status"], norm["status"])
    return f"norm: {norm['written']}, {who} ({status})"


def _status(norm: pd.Series, amount: float) -> str:
    if norm["unit"] and norm["unit"] not in AMOUNTS:
        return "no_amount"
    if pd.isna(norm["value"]):
        return "no_norm"
    return "no_denominator" if pd.isna(amount) else "ok"


def _band(found: pd.Series) -> dict[str, float]:
    if not set(CASES) <= set(found.index):
        return {"value": found["middle"]}
    return {"low": found["low"], "value": found["middle"], "high": found["high"]}
