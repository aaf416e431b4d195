"""What every region table must be, checked with pandera: all failures at once, in one sentence."""

from collections.abc import Mapping

import pandas as pd
import pandera.pandas as pa

from analysis.sources.errors import InputError
from analysis.sources.regions import CODE_PATTERN, OWN_CODE_PATTERN, OWN_LEVEL


def region_schema(level: str, *, unique: bool = True) -> pa.DataFrameSchema:
    """Return the rules of a region table of one level; of several years a code is not unique.

    The index holds unique codes of the level's own shape; counts, distances, areas and amounts
    are not negative; shares lie between 0 and 1; everybody listed has at least one inhabitant.
    """
    not_negative = pa.Check.ge(0)
    pattern = OWN_CODE_PATTERN if level == OWN_LEVEL else CODE_PATTERN[level]
    return pa.DataFrameSchema(
        columns={
            "gm_code": pa.Column(str, pa.Check.str_matches(r"^GM\d{4}$")),
            "region_name": pa.Column(str, nullable=True),
            "boundary_change": pa.Column(
                str, pa.Check.isin(["1", "2", "3"]), nullable=True, required=False
            ),
            "inhabitants": pa.Column(float, pa.Check.gt(0)),
            r"^n_.+$": pa.Column(float, not_negative, nullable=True, regex=True, required=False),
            r"^share_.+$": pa.Column(
                float, pa.Check.in_range(0, 1), nullable=True, regex=True, required=False
            ),
            r"^.+_(?:distance_km|km2|within_3km)$": pa.Column(
                float, not_negative, nullable=True, regex=True, required=False
            ),
            "urbanity_class": pa.Column(
                float, pa.Check.in_range(1, 5), nullable=True, required=False
            ),
        },
        index=pa.Index(
            str, pa.Check.str_matches(f"^{pattern}$"), unique=unique, name="region_code"
        ),
    )


def validate(table: pd.DataFrame, level: str, name: str) -> pd.DataFrame:
    """Return the table if it keeps the rules.

    Raises
    ------
    InputError
        Naming the table, the column and the first region that breaks a rule.
    """
    try:
        return region_schema(level).validate(table, lazy=True)
    except pa.errors.SchemaErrors as error:
        first = error.failure_cases.iloc[0]
        raise InputError(
            f"Tabel {name} ({level}) voldoet niet: {len(error.failure_cases)} waarden breken een "
            f"regel, als eerste {first['failure_case']} in kolom {first['column']} (gebied "
            f"{first['index']}, regel {first['check']}); haal de tabel opnieuw op."
        ) from error


def validate_years(tables: Mapping[int, pd.DataFrame], level: str, name: str) -> None:
    """Check the tables of several years at once, many times faster than one after the other.

    Raises
    ------
    InputError
        As `validate`, of the first year that breaks a rule.
    """
    sound = not any(table.index.has_duplicates for table in tables.values())
    try:
        region_schema(level, unique=False).validate(pd.concat(tables.values()), lazy=True)
    except pa.errors.SchemaErrors:
        sound = False
    if not sound:
        for year, table in tables.items():
            validate(table, level, f"{name}, {year}")
