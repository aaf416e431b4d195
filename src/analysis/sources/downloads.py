"""Files that a person downloads by hand: recognised by what is in them, stored as they are.

A stored file stands among the releases of its year's table, and is read like any other of them:
`kerncijfers.read_release` and `proximity.read_release` make no difference. Which one is the newest
is decided by the service's date of change, and for a file by the day on which it was brought.
"""

import re
import tempfile
from pathlib import Path

from analysis.sources import (
    contents,
    kerncijfers,
    layouts,
    proximity,
    regions,
    snapshot,
    wholeness,
)
from analysis.sources.catalogue import Source, of_theme, read_catalogue
from analysis.sources.codebook import Concept, columns_of, plain, read_codebook
from analysis.sources.edition import Edition
from analysis.sources.errors import InputError
from analysis.sources.national_total import FILE, read_totals, years_of_total
from analysis.sources.sheets import Sheet, read_sheet

KERNCIJFERS = "kerncijfers"
_LEVELS = ("GM", "WK", "BU")
# By these the old division by background and the new one by origin are known.
_ENDED = ("n_western", "n_non_western")
_BEGUN = ("n_origin_netherlands", "n_origin_europe", "n_origin_outside_europe")
_PROXIMITY = re.compile(r"^(?!nabijheidvoorzieningen).*(afstandtot|binnen\d+km)")
_ABOUT_THE_REGION = re.compile(r"codering|gemeentenaam|soortregio|indelingswijziging")


def recognise(path: Path) -> str:
    """Return what kind of table a file holds: one of the three of `layouts`.

    Raises
    ------
    InputError
        When it is none of them, or is damaged.
    """
    return layouts.kind_of(list(_sheet(path).rows))


def theme_of(path: Path) -> str:
    """Return what the table of a file is about: 'kerncijfers', 'nabijheid', 'ses_woa' or ''."""
    return _theme(_sheet(path))


def store(edition: Edition, path: Path, year: int | None = None) -> snapshot.Snapshot:
    """Store a file with Kerncijfers or Nabijheid after trying whether it can be read.

    Parameters
    ----------
    edition : Edition
    path : Path
        An xlsx or csv file; one gemeente's rows are enough.
    year : int, optional
        The year that the figures are about, where the file itself does not say so.

    Returns
    -------
    Snapshot
        Under the name of the year's table; `notes` has kind, theme, year, the gemeenten, and those
        of which wijken or buurten are gone (`incomplete`, see `incomplete`). Beside others that
        are whole these are not among the gemeenten that the file serves.

    Raises
    ------
    InputError
        When the file is of another kind, has no year or several, or cannot be read.
    """
    sheet = _sheet(path)
    kind, theme = layouts.kind_of(list(sheet.rows)), _theme(sheet)
    if theme not in (KERNCIJFERS, proximity.THEME):
        raise InputError(
            f"{path.name} heeft kolommen die niet bij Kerncijfers of Nabijheid horen; kijk of dit "
            "het bedoelde bestand is."
        )
    source = _source(edition, sheet, theme, year)
    codebook = (
        proximity.codebook(edition) if theme == proximity.THEME else read_codebook(edition.codebook)
    )
    codes = layouts.region_codes(sheet)
    notes = {
        "kind": kind,
        "theme": theme,
        "year": str(source.year),
        "gemeenten": " ".join(sorted(set(regions.gm_code(codes[codes.str[:2].isin(_LEVELS)])))),
    }
    _check_year(sheet, codebook, source.year)
    short = _try(path, notes, codebook, source)
    if short:
        notes["incomplete"] = " ".join(f"{code}:{share:.3f}" for code, share in short.items())
        whole = [code for code in notes["gemeenten"].split() if code not in short]
        # A file cut off in its last gemeente serves the others; alone it is all that there is.
        notes["gemeenten"] = " ".join(whole) or notes["gemeenten"]
    return snapshot.write_file(edition.raw, source.table, path, len(sheet.rows), notes)


def newest_with(raw: Path, table: str, gm_code: str) -> snapshot.Snapshot | None:
    """Return the newest snapshot of a table that has a gemeente, or None.

    A file may hold one gemeente only; for the others the answer of the service still serves.
    """
    for stored in snapshot.releases(raw, table):
        if not contents.is_brought(stored) or gm_code in stored.notes["gemeenten"].split():
            return stored
    return None


def incomplete(stored: snapshot.Snapshot) -> str:
    """Say which gemeenten of a file lack wijken or buurten; '' when all are whole."""
    told = [part.split(":") for part in stored.notes.get("incomplete", "").split()]
    return ", ".join(f"{code} ({100 * float(share):.0f}%)" for code, share in told)


def source_note(stored: snapshot.Snapshot) -> str:
    """Return what a source line adds for figures from a file; '' for an answer of the service."""
    if not contents.is_brought(stored):
        return ""
    return f"uit bestand {next(iter(stored.files))}"


def _sheet(path: Path) -> Sheet:
    return read_sheet(path, lambda cells: bool(layouts.kind_of(cells)))


def _theme(sheet: Sheet) -> str:
    names = [plain(name) for name in sheet.rows]
    if any("seswoa" in name for name in names):
        return "ses_woa"
    if layouts.kind_of(list(sheet.rows)) == layouts.SPREADSHEET:
        return KERNCIJFERS
    if any(re.search(r"aantalinwoners(aantal|\d+)$", name) for name in names):
        return KERNCIJFERS
    figures = [plain(n) for n in sheet.rows if re.search(r"(_\d+|\((km|aantal)\))$", n)]
    figures = [name for name in figures if not _ABOUT_THE_REGION.search(name)]
    # Kerncijfers has a few distances too: among other figures, or under a heading of their own.
    if sum(bool(_PROXIMITY.search(name)) for name in figures) > len(figures) / 2:
        return proximity.THEME
    if any("codering" in name for name in names):
        return KERNCIJFERS
    return ""


def _source(edition: Edition, sheet: Sheet, theme: str, year: int | None) -> Source:
    """Return the catalogue's row for the year of a file."""
    sources = of_theme(read_catalogue(edition.catalogue), theme)
    by_row, beside = layouts.years_of_rows(sheet), layouts.years_of_titles(sheet)
    if len(by_row) > 1:
        raise InputError(
            f"{sheet.file} heeft jaren door elkaar ({', '.join(map(str, sorted(by_row)))}); "
            "bewaar ieder jaar als een eigen bestand."
        )
    named = {s.year for s in sources if any(s.table in text for text in sheet.beside)}
    totals = read_totals(edition.codebook.with_name(FILE))
    by_total = years_of_total(sheet, layouts.region_codes(sheet), totals)
    said = by_row or named or by_total or beside
    if year is not None and said and year not in said:
        told = said == by_total
        raise InputError(
            f"{sheet.file} gaat volgens zijn {'inwonertal van Nederland' if told else 'inhoud'} "
            f"over {_listed(said)} en niet over {year}; laat het jaar weg of geef het goede "
            "bestand."
        )
    if year is None and len(said) != 1:
        hint = re.search(r"(?<!\d)20\d\d(?!\d)", sheet.file)
        example = f"; de naam doet {hint[0]} vermoeden" if hint else ""
        raise InputError(
            f"Uit {sheet.file} blijkt niet over welk jaar het gaat; geef het jaar erbij{example}."
        )
    year = year or said.pop()
    for source in sources:
        if source.year == year:
            return source
    raise InputError(
        f"{sheet.file} gaat over {year}, en daarvan staat geen tabel van '{theme}' in "
        f"{edition.catalogue.name}; voeg die daar toe."
    )


def _check_year(sheet: Sheet, codebook: dict[str, Concept], year: int) -> None:
    """Refuse a year that contradicts the file: groups that CBS did not publish then."""
    saved = layouts.kind_of(list(sheet.rows)) == layouts.SAVED
    for name in (*_ENDED, *_BEGUN):
        concept = codebook.get(name)
        if concept is None or concept.exists_in(year):
            continue
        # Keys without groups can be told apart only in a year in which they exist.
        when = (concept.from_year or concept.to_year or year) if saved else year
        for column in columns_of(concept, layouts.data_properties(sheet, codebook, when)):
            if sheet.rows[column].str.contains(r"\d").any():
                raise InputError(
                    f"{sheet.file} heeft cijfers over {concept.label_nl}, die CBS over {year} niet "
                    "geeft; kijk of het jaar klopt."
                )


def _try(
    path: Path, notes: dict[str, str], codebook: dict[str, Concept], source: Source
) -> dict[str, float]:
    """Read the file as it will be read from its snapshot; return the gemeenten that are not whole.

    All this is before anything is kept.
    """
    with tempfile.TemporaryDirectory() as folder:
        stored = snapshot.write_file(Path(folder), source.table, path, 0, notes)
        module = proximity if source.theme == proximity.THEME else kerncijfers
        release = module.read_release(stored, source, codebook)
        tables = {level: module.region_table(release, level) for level in regions.LEVELS}
    if not sum(map(len, tables.values())):
        raise InputError(
            f"{path.name} heeft geen gemeente, wijk of buurt met inwoners; download het opnieuw."
        )
    if source.theme == proximity.THEME:
        return {}
    for level, table in tables.items():
        wholeness.check_partitions_of_file(table, level, path.name)
    return wholeness.incomplete_gemeenten(tables)


def _listed(years: set[int]) -> str:
    return " of ".join(map(str, sorted(years)))
