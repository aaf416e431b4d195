"""Mangled copies of every real file: the same table, or one clear sentence.

60 cases run with the others. More are asked with an environment variable, spread over the files:

    ANALYSIS_FUZZ_CASES=10000 python -m pytest tests/test_fuzz_readers.py

What "the same table" means: every row and column that is found is in the table of the unmangled
file, with exactly the same cells, and a hole stays a hole. Nothing is gone, but for what the mangle
itself took away where a file may lack it: rows (one gemeente's rows alone are a valid file, so a
file cut at the end of a line is one), and columns (a person chooses topics when downloading). What
no reader can see is not tried: see `fuzzing`. Large files are cut down to a few gemeenten first.
"""

import csv
import json
import os
import re
import shutil
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from fuzzing import (
    BLIND,
    COLUMNS,
    NAMES,
    ROWS,
    Grid,
    Mangled,
    archive_bytes,
    binary_bytes,
    json_bytes,
    mangled_csv,
    mangled_geojson,
    mangled_workbook,
)

from analysis.sources import (
    boundaries,
    facility_points,
    kerncijfers,
    network,
    outcome_files,
    proximity,
    regions,
    snapshot,
    statline,
)
from analysis.sources.bring import bring
from analysis.sources.catalogue import of_year, read_catalogue
from analysis.sources.codebook import read_codebook
from analysis.sources.edition import Edition, cbs_edition
from analysis.sources.errors import InputError
from analysis.sources.outcomes import read_outcomes
from analysis.sources.transport import Patience

CASES = int(os.environ.get("ANALYSIS_FUZZ_CASES", "60"))
# A recorded answer does not get better by asking again.
IMPATIENT = Patience(tries=1, pause=0.0)
SEED = "20240501"
NAMED = ("region_name", "gm_name", "name", "kind")

Facts = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Subject:
    """A real file, cut down: how it is mangled, written and read."""

    file: str
    mangle: Callable[[Random], Mangled]
    year: int | None = None
    content: bytes = b""
    # Files that must lie beside it, as those of a shapefile.
    beside: tuple[tuple[str, bytes], ...] = ()
    read: Callable[[Path, "Subject"], Facts] | None = None


# Reading


def facts_of(edition: Edition) -> Facts:
    """Return every table that can be read from the snapshots, by name."""
    found: Facts = {}
    catalogue = read_catalogue(edition.catalogue)
    outcomes = read_outcomes(edition.codebook.with_name("outcomes.csv"))
    for folder in sorted(edition.raw.iterdir()):
        name = folder.name
        if name == boundaries.NAME:
            for level in regions.LEVELS:
                drawn = boundaries.drawn(edition.raw, level, None, 2024)
                if drawn is not None:
                    found[f"{name} {level}"] = pd.DataFrame(drawn.places)
        elif name == network.NAME:
            walked = network.read(edition.raw)
            ends = np.c_[walked.nodes[walked.start], walked.nodes[walked.end]].round(2)
            edges = pd.DataFrame({"length": walked.length.round(2)})
            found[name] = edges.set_axis([str(tuple(end)) for end in ends.tolist()])
        elif name[:-5] in outcome_files.SOURCES:
            theme, year = name[:-5], int(name[-4:])
            stored = snapshot.newest(edition.raw, name)
            found[name] = outcome_files.read_stored(stored, theme, year, outcomes).table
        elif not any(one.table == name for one in catalogue):
            points = pd.DataFrame(facility_points.read(edition.raw).points)
            at = [f"{p.x:.2f} {p.y:.2f}" for p in points.pop("geometry")]
            kept = points[["kind", "name", "capacity", "region_code"]]
            found[name] = kept.set_axis(at).sort_values(["kind", "name"])
        else:
            stored = snapshot.newest(edition.raw, name)
            (source,) = [one for one in catalogue if one.table == name]
            theme = stored.notes.get("theme", "kerncijfers")
            if theme == proximity.THEME:
                release = proximity.read_release(stored, source, proximity.codebook(edition))
            else:
                release = kerncijfers.read_release(stored, source, read_codebook(edition.codebook))
            found[name] = release.table
    return found


def brought(file: Path, subject: Subject) -> Facts:
    """Bring a file, and read what was stored; nothing is left of one that is refused."""
    root = Path(__file__).resolve().parents[1]
    edition = cbs_edition(root, file.parent / "raw")
    try:
        bring(edition, file, subject.year)
    except InputError:
        left = [str(path) for path in edition.raw.rglob("*") if path.is_file()]
        assert left == [], f"refused, and left {left[0]}"
        raise
    return facts_of(edition)


def answered(file: Path, subject: Subject) -> Facts:
    """Fetch a table from recorded answers, keep it, and read it."""
    root = Path(__file__).resolve().parents[1]
    folder = file.parent.parent
    edition = cbs_edition(root, folder / "raw")
    source = of_year(read_catalogue(edition.catalogue), "kerncijfers", subject.year)
    answer = statline.fetch(str(folder), source.table, None, patience=IMPATIENT)
    snapshot.write_table(edition.raw, answer)
    return facts_of(edition)


# What is right


def difference(found: Facts, expected: Facts, may_lose: frozenset[str]) -> str:
    """Say what differs between what was read and what it should be, or ''."""
    if strange := set(found) - set(expected):
        # Without a column that OpenStreetMap has, a list of facilities is a gemeente's own.
        own = COLUMNS in may_lose and strange == {facility_points.NAME}
        return "" if own else f"read as {min(strange)}"
    if gone := set(expected) - set(found):
        return "" if {ROWS, COLUMNS} & may_lose else f"{min(gone)} is gone"
    for name, table in found.items():
        if told := _differs(table, expected[name], may_lose):
            return f"{name}: {told}"
    return ""


def _differs(table: pd.DataFrame, usual: pd.DataFrame, may_lose: frozenset[str]) -> str:
    if "kind" in table and COLUMNS in may_lose:
        return ""  # what a facility is, and whether it counts, other columns say then
    if strange := set(table.columns) - set(usual.columns):
        return f"column {min(strange)} out of nothing"
    if COLUMNS not in may_lose and (gone := set(usual.columns) - set(table.columns)):
        return f"column {min(gone)} is gone"
    if len(strange := table.index.difference(usual.index)):
        return f"row {strange[0]} out of nothing"
    if ROWS not in may_lose and len(table) != len(usual):
        return f"{len(table)} rows, not {len(usual)}"
    if not usual.index.is_unique:
        return "" if table.index.isin(usual.index).all() else "other rows"
    usual = usual.loc[table.index]
    for column in table.columns:
        if column in NAMED and NAMES in may_lose:
            continue
        one, other = table[column], usual[column]
        if column == "geometry":
            apart = shapely.area(shapely.symmetric_difference(one.array, other.array))
            # A millimetre along the line: what projecting to degrees and back may move.
            wrong = apart > 1e-3 * shapely.length(other.array)
        else:
            wrong = ~((one == other) | (one.isna() & other.isna())).fillna(False).to_numpy(bool)
            if ROWS in may_lose and column == "n_crimes":
                # Without some of its buurten a gemeente's crime is refused for all of them.
                wrong &= ~one.isna().to_numpy()
            if COLUMNS in may_lose:  # names may come from a column that is gone
                wrong &= ~one.isna().to_numpy()
        if wrong.any():
            at = int(np.flatnonzero(wrong)[0])
            return f"{column} of {table.index[at]} is {one.iloc[at]}, not {other.iloc[at]}"
    return ""


def unclear(sentence: str) -> str:
    """Say what is wrong with a sentence for the user, or ''."""
    if "\n" in sentence or not sentence.strip():
        return "is not one line"
    if sentence[-1] not in ".?":
        return "has no end"
    words = ("Traceback", "Error", "codec", "NoneType", "object at", "Exception", "b'")
    return next((f"says {word}" for word in words if word in sentence), "")


def read(subject: Subject, content: bytes, folder: Path) -> Facts:
    """Write a copy of a file, with what must lie beside it, and read it."""
    shutil.rmtree(folder, ignore_errors=True)
    file = folder / subject.file
    file.parent.mkdir(parents=True)
    for name, other in subject.beside:
        (file.parent / name).write_bytes(other)
    file.write_bytes(content)
    return (subject.read or brought)(file, subject)


def fault_of(subject: Subject, mangled: Mangled, expected: Facts | None, folder: Path) -> str:
    """Read a mangled copy and say what is wrong with what came of it, or ''."""
    try:
        found = read(subject, mangled.content, folder)
    except InputError as error:
        return f"the sentence {told}: {error}" if (told := unclear(str(error))) else ""
    except Exception as error:  # whatever it is, it is a fault of ours
        return f"{type(error).__name__}: {error}"
    if BLIND in mangled.may_lose:
        return ""
    if expected is None:
        return f"read as {', '.join(found)}, and refused when whole"
    return difference(found, expected, mangled.may_lose)


# The files


def _csv_of(file: Path, column: int, wanted: str, delimiter: str = ";") -> Grid:
    """Return the rows of a csv that have a text of some form in a column, and the header."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        head, *rows = csv.reader(lines, delimiter=delimiter)
    quoting = csv.QUOTE_ALL if delimiter == ";" else csv.QUOTE_MINIMAL
    return Grid([head, *(r for r in rows if re.match(wanted, r[column]))], delimiter, quoting)


def _columns_of(grid: Grid, wanted: slice) -> Grid:
    return grid.but([line[wanted] for line in grid.lines])


def _workbook_of(file: Path, rows: int, columns: int) -> Grid:
    book = openpyxl.load_workbook(file, read_only=True)
    lines = []
    for line in book.worksheets[0].iter_rows(max_col=columns, values_only=True):
        lines.append(["" if cell is None else str(cell) for cell in line])
        if len(lines) == rows:
            break
    book.close()
    return Grid(lines)


def _saved_of(folder: Path, gemeente: str, columns: int) -> Grid:
    rows = pd.read_parquet(folder / "TypedDataSet.parquet")
    rows = rows[rows["Codering_3"].str.contains(f"NL00|{gemeente}")].iloc[:, :columns]
    cells = [["" if pd.isna(cell) else str(cell) for cell in row] for row in rows.to_numpy()]
    return Grid([list(rows.columns), *cells], ",", csv.QUOTE_MINIMAL, "utf-8", "\n")


def _map_of(file: Path, rows: slice, form: str, folder: Path) -> tuple[gpd.GeoDataFrame, bytes]:
    places = gpd.read_file(file, rows=rows)
    cut = folder / f"cut.{form}"
    places.to_file(cut)
    return places, cut.read_bytes()


def _mangled_gpkg(places: gpd.GeoDataFrame, folder: Path, dice: Random) -> Mangled:
    """Save a map in another form, or with a fault."""
    how = dice.choice((
        "as it was", "shuffled", "columns shuffled", "in degrees", "no crs", "rows gone",
        "degrees without crs", "column gone", "renamed", "doubled", "another layer", "no places",
    ))  # fmt: skip
    losing: frozenset[str] = frozenset()
    name = dice.choice([column for column in places if column != "geometry"])
    if how == "shuffled":
        places = places.sample(frac=1, random_state=dice.randrange(999))
    elif how == "columns shuffled":
        places = places[dice.sample(list(places), len(places.columns))]
    elif how == "in degrees":
        places = places.to_crs(4326)
    elif how == "no crs":
        places = places.set_crs(None, allow_override=True)
    elif how == "degrees without crs":
        places = places.to_crs(4326).set_crs(None, allow_override=True)
    elif how == "rows gone":
        places, losing = places.iloc[dice.randrange(1, len(places)) :], frozenset({ROWS})
    elif how == "column gone":
        places, losing = places.drop(columns=name), frozenset({COLUMNS, NAMES, ROWS})
    elif how == "renamed":
        places = places.rename(columns={name: name[::-1]})
        losing = frozenset({COLUMNS, NAMES, ROWS})
    elif how == "doubled":
        places = pd.concat([places, places.iloc[:3]])
    elif how == "no places":
        places = places.iloc[:0]
    file = folder / "mangled.gpkg"
    file.unlink(missing_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there is no coordinate system is meant
        places.to_file(file, layer="laag")
    if how == "another layer":
        gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(1e5, 4e5)], crs=28992).to_file(
            file, layer="punten"
        )
    return Mangled(f"{how} {name}", file.read_bytes(), losing)


def _mangled_answer(sets: dict[str, list[dict]], name: str, dice: Random) -> Mangled:
    """Mangle one of the parts of an answer of the service."""
    records = [dict(record) for record in sets[name]]
    how = dice.choice(("as it was", "shuffled", "fields shuffled", "rows gone", "rows doubled",
                       "field gone", "field renamed", "texts", "text", "bytes"))  # fmt: skip
    losing: frozenset[str] = frozenset()
    field = dice.choice(list(records[0]))
    one = dice.choice(records)
    if how == "shuffled":
        dice.shuffle(records)
    elif how == "fields shuffled":
        records = [dict(dice.sample(list(one.items()), len(one))) for one in records]
    elif how == "rows gone":
        del records[dice.randrange(len(records)) :]
        losing = frozenset({COLUMNS, NAMES})
    elif how == "rows doubled":
        records.insert(dice.randint(0, len(records)), one)
    elif how in ("field gone", "field renamed"):
        for each in records if dice.random() < 0.7 else [one]:
            value = each.pop(field, None)
            if how == "field renamed":
                each[f"{field}x"] = value
        losing = frozenset({COLUMNS, NAMES, ROWS})
    elif how == "texts" and name == "TypedDataSet":
        for each in records:
            for key, value in each.items():
                if not isinstance(value, str):
                    each[key] = "       ." if value is None else f"{value:>8}"
    elif how == "text" and name == "TypedDataSet":
        one[field] = "onbekend"
        losing = frozenset({NAMES})
    content = json.dumps({"value": records}).encode()
    if how == "bytes":
        how, content, losing = json_bytes(content, dice)
        losing |= {COLUMNS}
    return Mangled(f"{name} {how} {field}", content, losing)


def _subjects(data: Path, folder: Path) -> list[Subject]:
    return [*_texts(data), *_books(data), *_maps(data, folder), *_answers(data)]


def _texts(data: Path) -> list[Subject]:
    found = []
    for name, column, wanted, delimiter, width, year in (
        # The country, Zoetermeer, and a gemeente with commas in its name.
        ("downloads/statline_85984NED_leeftijd_geslacht.csv", 3, "NL|..(0637|0820)", ";", 13, 2024),
        ("downloads/statline_nabijheid_2023_utrecht.csv", 3, "GM|..03440", ";", 25, 2023),
        ("downloads/statline_85163NED_seswoa_2019_amsterdam.csv", 2, "GM|..03630", ";", 9, 2019),
        ("outcomes/leefbaarometer2_wijk_2002-2016.csv", 0, "WK0[06]3", ",", 3, None),
        ("outcomes/politie_misdrijven_2021-2025_buurt.csv", 0, "..(0637|1740)", ",", 29, None),
        ("boundaries/amsterdam_buurten_2015-2022.csv", 0, "A", ",", 40, None),
        ("facilities/osm_pois_amsterdam_population_5min.csv", 0, r"\d*77$", ",", 40, None),
    ):
        grid = _csv_of(data / name, column, wanted, delimiter)
        found.append((Path(name).name, _columns_of(grid, slice(width)), year))
    for table, year, gemeente in (
        ("83765NED", 2017, "0637"),
        ("84583NED", 2019, "0363[0A]"),
        ("84799NED", 2020, "0637"),
        ("85984NED", 2024, "0637"),
    ):
        found.append((f"{table}.csv", _saved_of(data / "statline" / table, gemeente, 30), year))
    return [_subject(name, grid, mangled_csv, grid.bytes(), year) for name, grid, year in found]


def _books(data: Path) -> list[Subject]:
    found = []
    for name, rows, columns, year in (
        ("downloads/kwb-2024_utrecht.xlsx", 40, 30, 2024),
        ("health/rivm_50090NED_2016_18plus.xlsx", 45, 26, None),
        ("health/rivm_50090NED_2020_18plus.xlsx", 45, 26, None),
    ):
        grid = _workbook_of(data / name, rows, columns)
        found.append(_subject(Path(name).name, grid, mangled_workbook, grid.workbook(), year))
    return found


def _subject(name: str, grid: Grid, mangle, content: bytes, year: int | None) -> Subject:
    return Subject(name, lambda dice: mangle(grid, dice), year, content)


def _maps(data: Path, folder: Path) -> list[Subject]:
    found = []
    _, content = _map_of(
        data / "boundaries" / "buurten_2023_drechtsteden.geojson", slice(0, 30), "geojson", folder
    )
    answer = json.loads(content)
    found.append(
        Subject("buurten_2023_drechtsteden.geojson",
                lambda dice, answer=answer: mangled_geojson(answer, dice), None, content)
    )  # fmt: skip
    for name, rows in (
        ("wijken_2022_rd.gpkg", slice(0, 40)),
        ("buurten_2024_approx_rd.gpkg", slice(0, 30)),
        ("buurten_amsterdam_2022.gpkg", slice(0, 30)),
    ):
        places, content = _map_of(data / "boundaries" / name, rows, "gpkg", folder)

        def mangle(dice: Random, places=places, content=content) -> Mangled:
            if dice.random() < 0.5:
                return binary_bytes(content, dice)
            return _mangled_gpkg(places, folder, dice)

        found.append(Subject(name, mangle, None, content))
    for year in (2022, 2024):
        name = f"duo_schools_{year}.geojson.zip"
        places, _ = _map_of(data / "facilities" / name, slice(0, 60), "geojson", folder)
        # Of two rows of one school the first counts; when it loses its kind, the other one does.
        code = next(column for column in places if column.startswith("vestiging"))
        places[~places[code].duplicated()].to_file(folder / "cut.geojson")
        content = (folder / "cut.geojson").read_bytes()
        answer = json.loads(content)

        def mangle_zip(dice: Random, answer=answer, content=content) -> Mangled:
            if dice.random() < 0.4:
                how, damaged = archive_bytes(_zipped(content, folder), dice)
                return Mangled(how, damaged)
            one = mangled_geojson(answer, dice)
            return Mangled(one.how, _zipped(one.content, folder), one.may_lose)

        found.append(Subject(name, mangle_zip, None, _zipped(content, folder)))
    name = "overpass_green_amsterdam_2020.json"
    answer = json.loads((data / "facilities" / name).read_text(encoding="utf-8"))
    answer["elements"] = answer["elements"][:20]

    content = json.dumps(answer).encode()

    def mangle_json(dice: Random) -> Mangled:
        how, damaged, losing = json_bytes(content, dice)
        return Mangled(how, damaged, losing)

    found.append(Subject(name, mangle_json, None, content))
    return found + _shapefiles(data, folder)


def _zipped(content: bytes, folder: Path) -> bytes:
    inside = folder / "zip" / "kaart.geojson"
    inside.parent.mkdir(exist_ok=True)
    inside.write_bytes(content)
    packed = shutil.make_archive(str(folder / "packed"), "zip", inside.parent)
    return Path(packed).read_bytes()


def _shapefiles(data: Path, folder: Path) -> list[Subject]:
    found = []
    for name in ("delft-streets", "delft-leisure", "delft-boundary"):
        places = gpd.read_file(data / "network" / f"{name}.shp", rows=slice(0, 300))
        places.to_file(folder / f"{name}.shp")
        parts = {part.suffix: part.read_bytes() for part in folder.glob(f"{name}.*")}
        for suffix in (".shp", ".shx", ".prj", ".dbf"):

            def mangle(dice: Random, content=parts[suffix]) -> Mangled:
                return binary_bytes(content, dice)

            beside = tuple((f"{name}{one}", body) for one, body in parts.items() if one != suffix)
            if suffix == ".shp" or name == "delft-streets":
                found.append(
                    Subject(f"{name}{suffix}", mangle, None, parts[suffix], beside,
                            brought_shapefile)
                )  # fmt: skip
    return found


def brought_shapefile(file: Path, subject: Subject) -> Facts:
    """Bring a shapefile of which another part was mangled."""
    return brought(file.with_suffix(".shp"), subject)


def _answers(data: Path) -> list[Subject]:
    """Return each part of the answer of the service for one table."""
    table, year = "85984NED", 2024
    folder = data / "statline" / table
    rows = pd.read_parquet(folder / "TypedDataSet.parquet")
    rows = rows[rows["Codering_3"].str.contains("NL00|0820")]
    names = pd.read_parquet(folder / "WijkenEnBuurten.parquet")
    names = names[names["Key"].isin(rows["WijkenEnBuurten"])]
    properties = json.loads((folder / "DataProperties.json").read_text("utf-8"))
    narrow = rows.iloc[:, :40]
    kept = [one for one in properties if one["Type"] != "Topic" or one["Key"] in narrow]
    sets = {
        "TypedDataSet": json.loads(narrow.to_json(orient="records")),
        "WijkenEnBuurten": json.loads(names.to_json(orient="records")),
        "DataProperties": kept,
        "TableInfos": json.loads((folder / "TableInfos.json").read_text("utf-8")),
    }
    bodies = {name: json.dumps({"value": records}).encode() for name, records in sets.items()}
    found = []
    for name in sets:
        beside = tuple((f"{one}.json", body) for one, body in bodies.items() if one != name)

        def mangle(dice: Random, name=name) -> Mangled:
            return _mangled_answer(sets, name, dice)

        file = f"{table}/{name}.json"
        found.append(Subject(file, mangle, year, bodies[name], beside, answered))
    return found


@pytest.fixture(scope="module")
def subjects(shared, tmp_path_factory) -> list[Subject]:
    return _subjects(shared / "data", tmp_path_factory.mktemp("cut"))


def test_mangled_copies_give_the_same_table_or_one_sentence(subjects, tmp_path):
    faults, folder = [], tmp_path / "case"
    for number, subject in enumerate(subjects):
        try:
            expected = read(subject, subject.content, folder)
        except InputError:
            expected = None
        for case in range(number, CASES, len(subjects)):
            dice = Random(f"{SEED} {case}")
            mangled = subject.mangle(dice)
            if told := fault_of(subject, mangled, expected, folder):
                faults.append(f"{case} {subject.file} [{mangled.how}]: {told}")
    assert faults == []
