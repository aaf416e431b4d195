"""Lines that break where the ground shifts, with a table and readable ends."""

import numpy as np
import pandas as pd
import pytest

from analysis.evidence.frame import evidence_frame
from analysis.figures.lines import _spread, lines

ROWS = evidence_frame(
    [{"area_code": "GM1", "year": 2020, "level": "buurt", "measure": "m", "value": 1.0,
      "source": "Bron"}]
)  # fmt: skip
SAID = {
    "rows": ROWS, "table": pd.DataFrame({"jaar": ["2020"]}), "claim": "Titel", "sentence": "",
    "source": "Bron: x.", "alt": "Een lijn", "x_label": "jaar", "x_format": "year",
    "value_label": "maat", "value_format": "index",
}  # fmt: skip


def points(line="a", x=(2019, 2020, 2021, 2022), part=(0, 0, 1, 1), value=(0.1, 0.2, 0.3, 0.4)):
    value = np.array(value, dtype=float)
    return pd.DataFrame(
        {"line": line, "x": x, "value": value, "low": value - 0.01, "high": value + 0.01,
         "part": part}
    )  # fmt: skip


def test_no_line_crosses_from_one_part_to_another(monkeypatch):
    drawn = []
    from matplotlib.axes import Axes

    plot = Axes.plot

    def kept(self, x, y, *args, **settings):
        if "transform" not in settings:
            drawn.append(list(x))
        return plot(self, x, y, *args, **settings)

    monkeypatch.setattr(Axes, "plot", kept)
    lines(points(), breaks=[(2020.5, "nieuwe buurten")], **SAID)
    assert drawn == [[2019, 2020], [2021, 2022]]
    drawn.clear()
    lines(points(part=(0, 0, 0, 0)), **SAID)
    assert drawn == [[2019, 2020, 2021, 2022]]


def test_points_in_any_order_and_with_gaps_are_drawn():
    figure = lines(points().iloc[::-1], **SAID)
    assert figure.body.startswith("<svg") and figure.alt == "Een lijn"
    gap = points(value=(0.1, np.nan, 0.3, 0.4))
    assert "<svg" in lines(gap, **SAID).body
    nothing = points(value=[np.nan] * 4)
    assert "<svg" in lines(nothing, **SAID).body
    one = points(x=[1000], part=[0], value=[0.2])
    assert "<svg" in lines(one, logarithmic=True, **SAID | {"x_format": "count"}).body


def test_more_lines_than_can_be_told_apart_are_refused():
    many = pd.concat([points(f"lijn {n}") for n in range(5)])
    with pytest.raises(ValueError, match="5 lines cannot be told apart"):
        lines(many, **SAID)


def test_names_at_the_ends_do_not_touch():
    heights = _spread(np.array([0.10, 0.11, 0.11, 0.5]), ["a", "b\nb", "c", "d"], 0.5)
    gaps = np.diff(heights)
    # One line takes 0.075 of the reach, here 0.0375; two lines 1.8 times that.
    tall = 0.0375 * np.array([1, 1.8, 1, 1])
    assert (gaps >= (tall[:-1] + tall[1:]) / 2 - 1e-12).all()
    assert heights[0] >= 0 and abs(np.mean(heights) - 0.205) < 0.05
    assert _spread(np.array([]), [], 1.0).tolist() == []


def test_words_at_a_break_near_the_end_do_not_reach_the_names_of_the_lines(monkeypatch):
    from analysis.figures import lines as drawn

    ends = []

    def kept(drawing, alt):
        ends.append(drawing.axes[0].get_xlim())
        return "<svg></svg>"

    monkeypatch.setattr(drawn, "inline_svg", kept)
    drawn.lines(points(), breaks=[(2019.5, "nieuwe buurten")], **SAID)
    drawn.lines(points(), breaks=[(2021.9, "nieuwe indeling, nieuwe buurten")], **SAID)
    (_, early), (left, right) = ends
    # A quarter of the axis is kept for words; where there is room already nothing changes.
    assert (right - 2021.9) / (right - left) == pytest.approx(0.27) and right > early
