"""Titles on how firm findings are, and what stands beside published figures."""

import pandas as pd

from analysis.figures.wording import count, in_format

LETTERS = {4: "A", 3: "B", 2: "C", 1: "D"}


def firm(rows: pd.DataFrame) -> str:
    """Return the title on grades: how many findings hold whatever was tried.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows 'findings_graded', 'findings_firm' (A and B) and 'findings_widely_tried' (A).
    """
    found = rows.set_index("measure")["value"]
    known, best = found["findings_graded"], found["findings_firm"]
    if known == 0:
        return "Hoe stevig deze uitspraken zijn, valt hier niet te zeggen"
    if best == 0:
        return f"Geen van de {count(known)} uitspraken houdt stand in alles waarop zij is beproefd"
    hold = "houdt" if best == 1 else "houden"
    said = f"{count(best)} van de {count(known)} uitspraken {hold} stand waar dat te beproeven was"
    if "findings_widely_tried" not in found.index:
        return said
    wide = found["findings_widely_tried"]
    if wide == 0:
        return f"{said}, maar geen ervan op drie manieren of meer"
    return f"{said}; {count(wide)} daarvan op drie manieren of meer (A)"


def beside_published(rows: pd.DataFrame) -> str:
    """Return the title on published figures: the largest difference.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows 'difference_with_published', relative.
    """
    known = rows[rows["measure"].eq("difference_with_published") & rows["value"].notna()]
    if known.empty:
        return "Er is geen gepubliceerd getal om naast te leggen"
    worst = known["value"].abs().max()
    if worst == 0:
        return "Onze sommen zijn gelijk aan de gepubliceerde totalen"
    return f"Onze sommen wijken hoogstens {in_format(worst, 'percent', 2)} af van het gepubliceerde"
