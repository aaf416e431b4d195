"""How figures look: colours that survive colour blindness and grey print, type, and the page."""

from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib as mpl

# Sand to deep blue in five even steps of lightness: no red for people, grey print keeps the order.
SEQUENTIAL = ("#f3ead0", "#b7bea9", "#769494", "#3d6983", "#1c3f5f")
# Lower, no different, higher: in grey print the middle stays the lightest, and higher the darkest.
TO_BOTH_SIDES = ("#d8a865", "#f4f5f3", "#1c3f5f")
# Neither, the one, the other, both: each darker than the one before, so that grey print tells them.
OF_TWO = ("#f4f5f3", "#d8a865", "#5f8a95", "#1c3f5f")
INK = "#1b2530"
MUTED = "#55606b"
GRID = "#e3e7ea"
LINE = "#6b7680"
DOT = "#1c3f5f"
SECOND = "#b3641f"
REFERENCE = "#8a3b12"
BAND = "#9db9c4"
STAMP_INK = "#4d3d00"
STAMP_FILL = "#fdf3d1"
STAMP_EDGE = "#8a6d00"
FONT = ("DejaVu Sans",)

_RC = {
    "font.family": list(FONT),
    "font.size": 10.5,
    "axes.edgecolor": GRID,
    "axes.labelcolor": MUTED,
    "axes.labelsize": 10,
    "axes.labelpad": 8,
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
    "xtick.labelsize": 9.5,
    "ytick.color": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "ytick.major.pad": 6,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    # Letters as outlines look alike on every machine; the words are in the alternative text.
    "svg.fonttype": "path",
    "svg.hashsalt": "wijkanalyse",
    "hatch.linewidth": 0.7,
    "hatch.color": LINE,
    # Settings of a machine or a notebook may not reach the figures.
    "figure.dpi": 100,
    "savefig.bbox": None,
    "path.simplify": True,
    "axes.unicode_minus": True,
}


@contextmanager
def drawing() -> Iterator[None]:
    """Set the look for what is drawn inside; nothing of it stays afterwards."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_RC)
        yield


# Widths are in rem, so that one rule makes the whole page larger on a projector's screen.
FIGURE_CSS = """
*{box-sizing:border-box}
html{font-size:17px;color-scheme:light}
@media (min-width:1500px){html{font-size:20px}}
body{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
line-height:1.5;color:#1b2530;background:#fff}
figure.fig{position:relative;margin:1.2rem 0 3rem;max-width:53rem}
figure.fig h3{font-size:1.3rem;line-height:1.3;margin:0 0 .3rem;text-wrap:balance}
figure.fig .sentence{margin:0 0 .9rem;max-width:44rem}
figure.fig .picture{overflow-x:auto}
figure.fig svg{display:block;width:100%;height:auto;min-width:40rem}
figure.fig .map svg{min-width:30rem}
figure.fig .honest{font-size:.88rem;color:#3c4752;background:#f5f6f4;border-left:4px solid #769494;
margin:.8rem 0 .5rem;padding:.4rem .9rem;list-style:none;max-width:none}
figure.fig .honest li{margin:.1rem 0}
figure.fig figcaption{font-size:.85rem;color:#55606b;margin-top:.5rem}
@media (min-width:44rem){figure.fig figcaption.in-picture{position:absolute;width:1px;height:1px;
overflow:hidden;clip-path:inset(50%);white-space:nowrap}}
figure.fig .stamp{display:inline-block;background:#fdf3d1;border:1px solid #8a6d00;color:#4d3d00;
font-weight:700;padding:.05rem .5rem;margin-right:.5rem}
figure.fig details{margin-top:.6rem}
figure.fig summary{cursor:pointer;color:#1c3f5f;font-size:.95rem;padding:.2rem 0}
figure.fig summary:focus-visible,.table-wrap:focus-visible{outline:3px solid #b3641f;
outline-offset:2px}
.table-wrap{overflow:auto;border:1px solid #e3e7ea}
details .table-wrap{max-height:32rem}
figure.fig>.table-wrap caption{position:absolute;width:1px;height:1px;overflow:hidden;
clip-path:inset(50%);white-space:nowrap}
table.data{border-collapse:collapse;font-size:.9rem;width:100%;font-variant-numeric:tabular-nums}
table.data caption{text-align:left;font-weight:600;padding:.5rem .6rem}
table.data th,table.data td{padding:.3rem .7rem;text-align:left;border-bottom:1px solid #e9ecee;
vertical-align:top}
table.data tbody th{font-weight:400}
table.data thead th{background:#f5f6f4;position:sticky;top:0}
table.data td.num,table.data th.num{text-align:right}
table.data tbody td.num{white-space:nowrap}
table.data tbody td.why{white-space:normal}
.map-read{display:block;min-height:1.5em;margin:0 0 .3rem;font-size:.95rem;color:#55606b}
.map-read.on{color:#1b2530;font-weight:600}
.map .region:hover{stroke:#1b2530;stroke-width:2.4}
p.absent .command{white-space:nowrap}
p.absent{border:1px dashed #6b7680;padding:.6rem .9rem;color:#3c4752;max-width:44rem}
@media print{html{font-size:11pt}figure.fig{break-inside:avoid}figure.fig details,.map-read{
display:none}.table-wrap{overflow:visible}figure.fig svg,figure.fig .map svg{min-width:0}}
"""
