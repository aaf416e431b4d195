"""The page that leads to all reports: reports/index.html."""

import contextlib
import html
import json
import os
from pathlib import Path
from urllib.parse import quote

from analysis.reports.render import page_css
from analysis.sources.errors import InputError

_PAGE = """<!doctype html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rapporten per gemeente</title>
<style>
{css}
</style>
</head>
<body>
<main>
<h1>Wie woont waar, en wat is daar?</h1>
<p>Een rapport per gemeente over segregatie en voorzieningen in wijken en buurten.</p>
{reports}
</main>
</body>
</html>
"""


_FIELDS = {"code", "name", "stamp", "chapters", "years"}


def write_overview(reports: Path) -> Path:
    """Write the overview of all reports that lie in a folder.

    Parameters
    ----------
    reports : Path
        Holds one folder per gemeente, each with a `report.json`.

    Returns
    -------
    Path
        index.html, written as a whole or not at all.

    Raises
    ------
    InputError
        When the folder cannot be written, or a report's own card is damaged.
    """
    cards = []
    for file in sorted(reports.glob("*/report.json")):
        if not file.parent.name.startswith("."):
            cards.append((file.parent.name, _read_card(file)))
    cards.sort(key=lambda card: card[1]["name"])
    page = _PAGE.format(css=page_css(), reports="\n".join(_card(*card) for card in cards))
    final = reports / "index.html"
    draft = final.with_suffix(f".{os.getpid()}.draft")
    try:
        draft.write_text(page, encoding="utf-8")
        draft.replace(final)
    except OSError as error:
        raise InputError(
            f"{final} kan niet worden geschreven ({error.strerror or error})."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
    return final


def _read_card(file: Path) -> dict:
    try:
        card = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        card = None
    if not isinstance(card, dict) or not card.keys() >= _FIELDS:
        raise InputError(
            f"{file} is beschadigd; verwijder de map {file.parent.name} en maak dat rapport "
            "opnieuw."
        )
    return card


def _card(folder: str, card: dict) -> str:
    stamp = f'<p class="page-stamp">{html.escape(card["stamp"])}</p>' if card["stamp"] else ""
    folder = html.escape(quote(folder))
    links = "\n".join(
        f'<li><a href="{folder}/{html.escape(file)}">{html.escape(title)}</a></li>'
        for file, title in card["chapters"]
    )
    years = ", ".join(str(year) for year in card["years"])
    return f"""<section class="card">
<h2>{html.escape(card["name"])} <small>{html.escape(card["code"])}</small></h2>
{stamp}
<p>Cijfers over {years}.</p>
<ul>
{links}
</ul>
<p><a href="{folder}/evidence-nl.csv">Alle getallen voor Excel</a> ·
<a href="{folder}/evidence.csv">alle getallen als csv</a></p>
</section>"""
