"""The tables of Voorbeeldstad in the words of StatLine's OData service, version 3."""

import re
import unicodedata
from pathlib import Path

import pandas as pd

from voorbeeldstad import town

_ADDRESS = "https://voorbeeld.invalid"
_KINDS = {"GM": "Gemeente", "WK": "Wijk", "BU": "Buurt"}
_MODIFIED = {2020: "2023-03-01T02:00:00", 2022: "2025-03-03T02:00:00", 2024: "2025-03-03T02:00:00"}


def read_layout() -> pd.DataFrame:
    """Return the columns of the tables: which figure, groups and title, position per year."""
    return pd.read_csv(Path(__file__).with_name("layout.csv"), keep_default_na=False)


def layout_of(layout: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the columns of one year in order, with `position` and `key`."""
    own = layout[layout[f"position_{year}"] != ""].copy()
    own["position"] = own[f"position_{year}"].astype(int)
    own["key"] = [key(t, n) for t, n in zip(own["title"], own["position"], strict=True)]
    return own.sort_values("position").reset_index(drop=True)


def key(title: str, position: int) -> str:
    """Return a column's key: the title's words joined, without accents, and its position."""
    letters = unicodedata.normalize("NFKD", title)
    words = re.findall(r"[A-Za-z0-9]+", "".join(c for c in letters if not unicodedata.combining(c)))
    name = "".join(word[0].upper() + word[1:] for word in words)
    return f"{'k_' if name[0].isdigit() else ''}{name}_{position}"


def properties(columns: pd.DataFrame, year: int) -> list[dict]:
    """Return the entity set DataProperties: topic groups and topics, each with its parent."""
    found = [_property(0, "GeoDetail", None, "Wijken en buurten", "WijkenEnBuurten", 0)]
    found[0]["MapYear"] = year
    groups: dict[tuple[str, ...], int] = {}
    for column in columns.itertuples():
        path = tuple(column.groups.split(" > "))
        for depth in range(1, len(path) + 1):
            if path[:depth] not in groups:
                groups[path[:depth]] = len(found)
                parent = groups.get(path[: depth - 1])
                found.append(_property(len(found), "TopicGroup", parent, path[depth - 1]))
        topic = _property(
            len(found), "Topic", groups[path], column.title, column.key, column.position
        )
        topic |= {"Datatype": column.datatype, "Unit": column.unit, "Decimals": column.decimals}
        found.append(topic)
    return found


def _property(identity, kind, parent, title, name="", position=None) -> dict:
    return {"odata.type": f"Cbs.OData.{kind}", "ID": identity, "Position": position,
            "ParentID": parent, "Type": kind, "Key": name, "Title": title, "Description": None,
            "Datatype": None, "Unit": None, "Decimals": None}  # fmt: skip


def row(
    number: int,
    code: str,
    change: str,
    postcode: str,
    published: dict[str, float | int | None],
    columns: pd.DataFrame,
) -> dict:
    """Return one row of the entity set TypedDataSet, with the service's padding."""
    texts = {
        "gm_name": town.GM_NAME.ljust(40),
        "region_kind": _KINDS[code[:2]].ljust(10),
        "region_code": code.ljust(10),
        "boundary_change": change,
        "postcode": (postcode or ".").rjust(10),
    }
    found = {"ID": number, "WijkenEnBuurten": code.ljust(10)}
    return found | {
        column.key: texts[column.figure] if column.figure in texts else published[column.figure]
        for column in columns.itertuples()
    }


def region(code: str, name: str) -> dict:
    """Return one entry of the entity set WijkenEnBuurten."""
    return {"Key": code.ljust(10), "Title": name, "Description": town.STAMP,
            "Municipality": town.GM_CODE, "DetailRegionCode": code.ljust(10)}  # fmt: skip


def info(number: int, year: int) -> dict:
    """Return the only entry of the entity set TableInfos."""
    title = f"{town.STAMP}: kerncijfers wijken en buurten {year}"
    return {"ID": number, "Identifier": town.TABLES[year], "Title": title, "ShortTitle": title,
            "Summary": "Verzonnen cijfers van een stad die niet bestaat",
            "Updated": _MODIFIED[year], "Modified": _MODIFIED[year], "OutputStatus": "Regulier",
            "Source": town.STAMP, "Language": "nl", "Catalog": "VOORBEELD",
            "Frequency": "Onregelmatig", "Period": str(year)}  # fmt: skip


def body(name: str, entries: list[dict], table: str = "") -> dict:
    """Return what the service answers for an entity set."""
    where = f"ODataFeed/odata/{table}" if table else "ODataCatalog"
    return {"odata.metadata": f"{_ADDRESS}/{where}/$metadata#{name}", "value": entries}
