"""What stands in a figure's place when there is nothing to draw."""

import html
import re
from dataclasses import dataclass, field

import pandas as pd

from analysis.evidence.frame import evidence_frame


@dataclass(frozen=True)
class Absent:
    """A sentence in place of a figure: what is missing and how to bring it."""

    sentence: str
    rows: pd.DataFrame = field(default_factory=lambda: evidence_frame([]))

    def _repr_html_(self) -> str:
        told = html.escape(self.sentence, quote=False)
        # A command stays on one line: broken at its hyphens it is read, and typed, wrong.
        told = re.sub(r"'(?:pull|report) [^']*'", r'<span class="command">\g<0></span>', told)
        return f'<p class="absent">{told}</p>'
