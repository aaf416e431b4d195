"""How figures look: colours that survive colour blindness and grey print, type, and the page."""

from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

# Five steps of one blue-green, even in lightness, so that grey print keeps their order.
SEQUENTIAL = ("#e6eff2", "#b3d0d9", "#73a9b9", "#367c94", "#0d4a63")
INK = "#1b2530"
MUTED = "#5a6570"
GRID = "#dde2e7"
DOT = "#0d4a63"
SECOND = "#c8781e"
REFERENCE = "#8a3b12"
FONT = ["DejaVu Sans"]

_RC = {
    "font.family": FONT,
    "font.size": 10.5,
    "axes.edgecolor": GRID,
    "axes.labelcolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "x",
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "legend.frameon": False,
    # Letters as outlines look alike on every machine; the words are in the alternative text.
    "svg.fonttype": "path",
    "svg.hashsalt": "wijkanalyse",
    "hatch.linewidth": 0.6,
}


@contextmanager
def drawing() -> Iterator[None]:
    """Set the look for what is drawn inside; nothing of it stays afterwards."""
    with mpl.rc_context(_RC):
        yield


def canvas(width: float, height: float) -> Canvas:
    """Return an empty drawing of so many inches, outside pyplot's global list."""
    return Canvas(figsize=(width, height), layout="constrained")


FIGURE_CSS = """
*{box-sizing:border-box}
html{font-size:17px}
body{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
line-height:1.5;color:#1b2530;background:#fff}
figure.fig{margin:1rem 0 2.2rem;max-width:56rem}
figure.fig h3{font-size:1.25rem;line-height:1.3;margin:0 0 .25rem}
figure.fig .sentence{margin:0 0 .6rem}
figure.fig svg{display:block;width:100%;height:auto}
figure.fig .honest{font-size:.88rem;color:#3c4752;background:#f3f5f7;border-left:4px solid #73a9b9;
margin:.5rem 0;padding:.35rem .8rem;list-style:none}
figure.fig .honest li{margin:.1rem 0}
figure.fig figcaption{font-size:.85rem;color:#4a5560;margin-top:.4rem}
figure.fig .stamp{display:inline-block;background:#fdf3d1;border:1px solid #8a6d00;color:#4d3d00;
font-weight:700;padding:.05rem .5rem;margin-right:.5rem}
figure.fig details{margin-top:.5rem}
figure.fig summary{cursor:pointer;color:#1f3f77;font-size:.95rem}
.table-wrap{overflow-x:auto;max-height:32rem;overflow-y:auto;border:1px solid #dde2e7}
table.data{border-collapse:collapse;font-size:.9rem;width:100%;font-variant-numeric:tabular-nums}
table.data caption{text-align:left;font-weight:600;padding:.4rem .6rem}
table.data th,table.data td{padding:.28rem .6rem;text-align:left;border-bottom:1px solid #e6eaee;
vertical-align:top}
table.data thead th{background:#f3f5f7;position:sticky;top:0}
table.data td.num,table.data th.num{text-align:right;white-space:nowrap}
.map-read{min-height:1.5em;margin:.2rem 0;font-size:.95rem}
.map path.region{stroke:#fff;stroke-width:.7}
.map path.region:hover{stroke:#1b2530;stroke-width:1.8}
p.absent{border:1px dashed #8a949e;padding:.6rem .9rem;color:#3c4752;max-width:44rem}
@media print{figure.fig{break-inside:avoid}figure.fig details{display:none}.map-read{display:none}}
"""
