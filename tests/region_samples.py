"""Hand-made region tables for tests: few regions, round numbers."""

import numpy as np
import pandas as pd


def region_table(inhabitants, level="buurt", gm_code="GM9001", **columns) -> pd.DataFrame:
    """Return a region table; `gm_code` is one code or one per region."""
    inhabitants = np.asarray(inhabitants, dtype=float)
    gemeenten = [gm_code] * len(inhabitants) if isinstance(gm_code, str) else list(gm_code)
    numbers = range(len(inhabitants))
    codes = {
        "gemeente": lambda gm, n: gm,
        "wijk": lambda gm, n: f"WK{gm[2:]}{n:02d}",
        "buurt": lambda gm, n: f"BU{gm[2:]}00{n:02d}",
    }[level]
    index = [codes(gm, number) for gm, number in zip(gemeenten, numbers, strict=True)]
    return pd.DataFrame(
        {
            "gm_code": gemeenten,
            "gm_name": [f"Stad {gm[-1]}" for gm in gemeenten],
            "wk_code": [f"WK{gm[2:]}00" for gm in gemeenten],
            "region_name": [f"Plek {chr(65 + number)}" for number in numbers],
            "inhabitants": inhabitants,
            **{name: np.asarray(values, dtype=float) for name, values in columns.items()},
        },
        index=pd.Index(index, name="region_code"),
    )
