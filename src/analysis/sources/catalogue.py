"""One row per published table and year: what exists, where, and from whom."""

from dataclasses import dataclass, fields
from pathlib import Path

from analysis.sources.errors import InputError
from analysis.sources.project_table import read_rows


@dataclass(frozen=True)
class Source:
    """A published table of one year: one row of the catalogue."""

    table: str
    catalogue: str
    theme: str
    year: int
    title: str
    publisher: str
    address: str
    seen_live: str
    status: str


def read_catalogue(path: Path) -> tuple[Source, ...]:
    """Read the catalogue of published tables.

    Parameters
    ----------
    path : Path
        A csv file with the fields of `Source` as its header.

    Returns
    -------
    tuple of Source
        In the file's order.

    Raises
    ------
    InputError
        When a field is missing, a year is not a number, or a table or a theme's year stands there
        twice.
    """
    names = [field.name for field in fields(Source)]
    found = []
    for row in read_rows(path, names):
        if not row["year"].isdigit():
            raise InputError(f"{path.name}: '{row['year']}' bij {row['table']} is geen jaar.")
        found.append(Source(**{**row, "year": int(row["year"])}))
    tables = [source.table for source in found]
    doubles = sorted({table for table in tables if tables.count(table) > 1})
    if doubles:
        raise InputError(f"{path.name} noemt {', '.join(doubles)} meer dan één keer.")
    years = [(source.theme, source.year) for source in found]
    for theme, year in years:
        if years.count((theme, year)) > 1:
            raise InputError(f"{path.name} heeft voor '{theme}' meer dan één tabel van {year}.")
    return tuple(found)


def of_theme(catalogue: tuple[Source, ...], theme: str) -> tuple[Source, ...]:
    """Return the sources of one theme, newest year first."""
    chosen = [source for source in catalogue if source.theme == theme]
    return tuple(sorted(chosen, key=lambda source: source.year, reverse=True))


def of_year(catalogue: tuple[Source, ...], theme: str, year: int) -> Source:
    """Return the table of one theme and year.

    Raises
    ------
    InputError
        When the catalogue has no such table; the sentence lists the years it has.
    """
    chosen = of_theme(catalogue, theme)
    for source in chosen:
        if source.year == year:
            return source
    years = ", ".join(str(source.year) for source in reversed(chosen))
    raise InputError(
        f"Voor {year} staat geen tabel van '{theme}' in data/catalogue.csv; kies uit {years}."
    )
