"""What stands in a figure's place when there is nothing to draw."""

import html
from dataclasses import dataclass, field

import pandas as pd

from analysis.evidence.frame import evidence_frame


@dataclass(frozen=True)
class Absent:
    """A sentence in place of a figure: what is missing and how to bring it."""

    sentence: str
    rows: pd.DataFrame = field(default_factory=lambda: evidence_frame([]))

    def _repr_html_(self) -> str:
        return f'<p class="absent">{html.escape(self.sentence)}</p>'
