"""Titles on how firm findings are, and what stands beside published figures."""

import pandas as pd

from analysis.figures.wording import count, in_format

LETTERS = {4: "A", 3: "B", 2: "C", 1: "D"}


def firm(rows: pd.DataFrame) -> str:
    """Return the title on grades: how many findings hold whatever was tried.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows 'findings_graded' and 'findings_firm'.
    """
    found = rows.set_index("measure")["value"]
    known, best = found["findings_graded"], found["findings_firm"]
    if known == 0:
        return "Hoe stevig deze uitspraken zijn, valt hier niet te zeggen"
    if best == 0:
        return f"Geen van de {count(known)} uitspraken houdt overal stand"
    return f"{count(best)} van de {count(known)} uitspraken {_hold(best)} overal stand"


def _hold(number: float) -> str:
    return "houdt" if number == 1 else "houden"


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
