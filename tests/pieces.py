"""Every figure of every notebook, called one by one."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from analysis.figures.figure import Figure
from analysis.reports.absent import Absent

_NO_NUMBER = re.compile(r"\b(nan|None|inf)\b")


def pieces_of(
    notebooks: Path, gemeente: str, raw: Path, chapters: str = "*"
) -> Iterator[tuple[str, Figure | Absent]]:
    """Yield the name of each step that shows something, and what it shows."""
    for path in sorted(notebooks.glob(f"{chapters}.ipynb")):
        given = {"gemeente": gemeente, "bron": "cbs", "raw": str(raw), "vergelijk": gemeente}
        names = {}
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            code = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                continue
            if code.startswith(("dossier.show(", "zaal.")):
                yield f"{path.stem} {code}", eval(code, names)
            else:
                exec(code, names)
            if "parameters" in cell["metadata"].get("tags", []):
                names |= given


def check_told(piece: Figure | Absent) -> None:
    """See that a piece is whole: a title and no number that is none, or a sentence why not."""
    if isinstance(piece, Absent):
        assert piece.sentence.endswith((".", "?"))
        return
    told = re.sub(r"<[^>]*>", " ", piece._repr_html_())
    assert len(piece.rows) and piece.claim and not _NO_NUMBER.search(told)
