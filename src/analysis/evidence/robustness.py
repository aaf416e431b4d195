"""How far a finding holds: on another scale, with another index, in another year."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.evidence.frame import evidence_frame

# What a finding is tried on, in the order of the table.
TRIALS = ("scale", "index", "year", "rounding")
HOLDS = "finding_holds"
GRADE = "robustness_grade"
# A is 4: held everywhere and tried on three things at least; D is 1.
GRADES = {4: "A", 3: "B", 2: "C", 1: "D"}
_FEWEST = 3


def side_of(value: float, limit: float) -> int | None:
    """Return 1 above, -1 below and 0 at a limit; None where one of the two is not known."""
    if pd.isna(value) or pd.isna(limit):
        return None
    return int(value > limit) - int(value < limit)


def graded(
    findings: Mapping[str, tuple[int | None, Mapping[str, Sequence[int | None]]]],
    *,
    area_code: str,
    area_name: str,
    year: int,
    source: str,
) -> pd.DataFrame:
    """Grade findings by whether they come out the same in every trial.

    Parameters
    ----------
    findings : mapping of str to (int or None, mapping of str to sequence of int or None)
        By finding: on which side it lies (see `side_of`), and by trial of `TRIALS` the sides that
        it lies on there; None where it could not be tried.
    area_code, area_name, year, source
        As in the evidence table.

    Returns
    -------
    DataFrame
        Per finding (as group) a row `HOLDS` for each trial, group '<finding> | <trial>': the share
        of what was tried in which the finding holds, units how many were tried ('not_comparable'
        for none); and a row `GRADE`: 4 (A) held in all, tried on three kinds or more; 3 (B) held
        in all, tried on fewer; 2 (C) held in half or more; 1 (D) in less. 'suppressed' where the
        finding itself is not known, 'not_comparable' where nothing could be tried.
    """
    shared = {"area_code": area_code, "area_name": area_name, "year": year, "level": "gemeente",
              "source": source}  # fmt: skip
    rows = []
    for name, (side, trials) in findings.items():
        told = {}
        for trial in TRIALS:
            tried = [one for one in trials.get(trial, ()) if one is not None]
            held = sum(one == side for one in tried) / len(tried) if tried else float("nan")
            told[trial] = held
            rows.append(shared | {
                "measure": HOLDS, "group": f"{name} | {trial}", "value": held,
                "units": len(tried), "status": "ok" if tried else "not_comparable",
            })  # fmt: skip
        known = [held for held in told.values() if not pd.isna(held)]
        status = "suppressed" if side is None else "ok" if known else "not_comparable"
        rows.append(shared | {
            "measure": GRADE, "group": name, "units": len(known), "status": status,
            "value": float(_grade(known)) if status == "ok" else float("nan"),
        })  # fmt: skip
    return evidence_frame(rows)


def _grade(held: list[float]) -> int:
    if all(one == 1 for one in held):
        return 4 if len(held) >= _FEWEST else 3
    return 2 if sum(held) / len(held) >= 0.5 else 1


def firmest(rows: pd.DataFrame, number: int) -> pd.DataFrame:
    """Return the rows of the firmest findings, the best grade and the most trials first."""
    grades = rows[rows["measure"].eq(GRADE) & rows["status"].eq("ok")]
    return grades.sort_values(["value", "units"], ascending=False, kind="stable").head(number)
