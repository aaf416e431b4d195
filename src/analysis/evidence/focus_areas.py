"""The national focus areas as evidence rows: all of them, and those of one gemeente."""

import pandas as pd

from analysis.evidence.frame import evidence_frame

MEASURE, NUMBER, LISTED = "focus_area_inhabitants", "focus_areas_here", "focus_areas_listed"


def focus_area_rows(areas: pd.DataFrame, code: str, name: str) -> pd.DataFrame:
    """Return the inhabitants of every focus area, and how many lie in a gemeente.

    Parameters
    ----------
    areas : DataFrame
        focus_area, gemeente, gm_code, inhabitants, year and source.
    code, name : str
        Of the gemeente.

    Returns
    -------
    DataFrame
        Per focus area 'focus_area_inhabitants' (area_code that of its gemeente, area_name its own
        name, group "<gemeente> | <name>"); and of the gemeente 'focus_areas_here' (0 is an answer)
        and 'focus_areas_listed'.

    Raises
    ------
    ValueError
        When the list is empty.
    """
    if areas.empty:
        raise ValueError("there are no focus areas to list")
    year, source = int(areas["year"].max()), areas["source"].iloc[0]
    shared = {"year": year, "level": "gemeente", "source": source}
    rows = [
        shared
        | {"area_code": one.gm_code, "area_name": one.focus_area, "year": one.year,
           "level": "focusgebied", "measure": MEASURE,
           "group": f"{one.gemeente} | {one.focus_area}", "value": float(one.inhabitants),
           "source": one.source}
        for one in areas.itertuples()
    ]  # fmt: skip
    here = {"area_code": code, "area_name": name}
    number = float(areas["gm_code"].eq(code).sum())
    rows.append(shared | here | {"measure": NUMBER, "value": number})
    rows.append(shared | here | {"measure": LISTED, "value": float(len(areas))})
    return evidence_frame(rows)
