"""Made-up tables of one gemeente per year, stored as the service's answers, for tests."""

from pathlib import Path

import pandas as pd
from statline_server import data_properties

from analysis.sources import snapshot
from analysis.sources.catalogue import of_year, read_catalogue
from analysis.sources.statline import Answer

CATALOGUE = Path(__file__).resolve().parents[1] / "data" / "catalogue.csv"
COLUMNS = (
    "Regioaanduiding > Gemeentenaam | naam",
    "Regioaanduiding > Soort regio | omschrijving",
    "Regioaanduiding > Codering | code",
    "Regioaanduiding > Indelingswijziging wijken en buurten | code",
    "Bevolking > Aantal inwoners | aantal",
    "Bevolking > Geslacht > Mannen | aantal",
    "Bevolking > Geslacht > Vrouwen | aantal",
    "Wonen > Gemiddelde WOZ-waarde van woningen  | x 1 000 euro",
)
_KINDS = {"GM": "Gemeente", "WK": "Wijk", "BU": "Buurt"}


def store_year(raw: Path, year: int, regions: pd.DataFrame, gm_name: str = "Testdam") -> None:
    """Store a table of a year.

    `regions` is indexed by code: name, flag, inhabitants, men, women and value, None where missing.
    """
    source = of_year(read_catalogue(CATALOGUE), "kerncijfers", year)
    properties = data_properties(COLUMNS)
    keys = [record["Key"] for record in properties if record["Type"] == "Topic"]
    rows = [
        dict(zip(keys, cells, strict=True)) | {"ID": number, "WijkenEnBuurten": cells[2]}
        for number, cells in enumerate(
            (
                gm_name.ljust(40),
                _KINDS[code[:2]].ljust(10),
                code.ljust(10),
                *(None if pd.isna(value) else value for value in row[1:]),
            )
            for code, *row in regions.itertuples(name=None)
        )
    ]
    names = [
        {"Key": code.ljust(10), "Title": name.ljust(40)} for code, name in regions["name"].items()
    ]
    answer = Answer(
        table=source.table, url="made up", modified="", properties=properties, regions=names,
        rows=rows,
    )  # fmt: skip
    snapshot.write_table(raw, answer)


def table_of(rows: dict[str, tuple]) -> pd.DataFrame:
    """Return regions by code from (name, flag, inhabitants, men, women, value)."""
    columns = ["name", "flag", "inhabitants", "men", "women", "value"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)
