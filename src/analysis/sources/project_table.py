"""The tables of the project's own folder `data`: csv, with the columns that they must have."""

import csv
from collections.abc import Sequence
from pathlib import Path

from analysis.sources.errors import InputError


def read_rows(
    path: Path, columns: Sequence[str], optional: Sequence[str] = ()
) -> list[dict[str, str]]:
    """Read a table whose header is known.

    Parameters
    ----------
    path : Path
        A csv file with commas, in UTF-8.
    columns : sequence of str
        All columns, in the order of the file; the first names a row.
    optional : sequence of str, optional
        Those of them that may be absent; a row without them has them empty.

    Returns
    -------
    list of dict of str to str
        One per row, with all columns.

    Raises
    ------
    InputError
        When the file cannot be read, has other columns, or a row with more or fewer fields.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            header, rows = list(reader.fieldnames or ()), list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"{path.name} kan niet worden gelezen ({reason}); zet het bestand terug in de map "
            f"{path.parent.name}."
        ) from error
    wanted = [name for name in columns if name in header or name not in optional]
    if header != wanted:
        raise InputError(
            f"{path.name} moet de kolommen {', '.join(wanted)} hebben, in deze volgorde."
        )
    for row in rows:
        if None in row or None in row.values():
            raise InputError(
                f"{path.name}: de regel van {row[columns[0]]} heeft niet {len(wanted)} velden."
            )
    return [dict.fromkeys(optional, "") | row for row in rows]
