"""An executed notebook as one self-contained HTML file: our template, no request to any host."""

from pathlib import Path

from nbconvert import HTMLExporter
from nbformat import NotebookNode

from analysis.figures.maps import MAP_SCRIPT
from analysis.figures.style import FIGURE_CSS

_TEMPLATES = Path(__file__).parent / "template"


def render(
    notebook: NotebookNode,
    *,
    title: str,
    area: str,
    stamp: str,
    chapters: list[tuple[str, str]],
    here: str,
) -> str:
    """Return the HTML of an executed notebook.

    Parameters
    ----------
    notebook : NotebookNode
        Executed; code is hidden, outputs are shown.
    title : str
        What the page is called, in Dutch.
    area : str
        The gemeente.
    stamp : str
        "" or what every page says of figures that are made up.
    chapters : list of (file, title)
        The report's pages, for the links between them.
    here : str
        The file of this page.
    """
    exporter = HTMLExporter(
        template_name="verslag",
        extra_template_basedirs=[str(_TEMPLATES)],
        exclude_input=True,
        exclude_anchor_links=True,
        language_code="nl",
    )
    page = {
        "title": title,
        "area": area,
        "stamp": stamp,
        "chapters": chapters,
        "here": here,
        "css": FIGURE_CSS + (_TEMPLATES / "page.css").read_text(encoding="utf-8"),
        "script": MAP_SCRIPT,
    }
    # Words for whoever runs the notebook are not for whoever reads the page.
    kept = [c for c in notebook.cells if "notebook-only" not in c.metadata.get("tags", [])]
    shown = NotebookNode({**notebook, "cells": kept})
    html, _ = exporter.from_notebook_node(shown, resources={"page": page})
    return html
