"""Classes of a choropleth: round bounds near the quintiles, and how a reader calls them."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.figures.style import SEQUENTIAL
from analysis.figures.wording import decimals_for, in_format

# A class may hold at most so many times its even share before the bounds are made finer.
_UNEVEN = 1.6


def class_bounds(values: pd.Series, value_format: str, classes: int = 5) -> list[float]:
    """Return the bounds between classes: as round as the quantiles allow, each class in use.

    Parameters
    ----------
    values : Series of float
        Without missing values.
    value_format : str
        One of `wording.FORMATS`.
    classes : int, optional
        At most five, as many as there are colours.

    Returns
    -------
    list of float
        Increasing, at most `classes` - 1; fewer where values repeat, none where all are equal. A
        value on a bound is in the class above it.
    """
    if values.nunique() < 2:
        return []
    numbers = np.sort(values.to_numpy(dtype=float))
    distinct = np.unique(numbers)
    if len(distinct) <= classes:
        return [float(bound) for bound in distinct[1:]]
    # Quantiles that are values themselves: each begins a class that holds at least that value. A
    # bound at the lowest value would leave the class below it empty.
    shares = np.linspace(0, 1, classes + 1)[1:-1]
    quantiles = np.unique(np.quantile(numbers, shares, method="higher"))
    quantiles = quantiles[quantiles > distinct[0]]
    if not len(quantiles):
        # Nearly all are alike: what differs is a class of its own.
        return [float(distinct[1])]
    fullest = int(np.bincount(np.digitize(numbers, quantiles)).max())
    most = max(_UNEVEN * len(numbers) / classes, fullest + 1)
    spread = numbers[-1] - numbers[0]
    for step in _round_steps(spread):
        bounds = np.unique(np.round(np.round(quantiles / step) * step, 12))
        if len(bounds) < len(quantiles):
            continue
        counts = class_counts(numbers, bounds, value_format)
        if min(counts) > 0 and max(counts) <= most:
            return [float(bound) for bound in bounds]
    return [float(bound) for bound in quantiles]


def class_of(values: Sequence[float], bounds: Sequence[float], value_format: str) -> np.ndarray:
    """Return the class of each value, from 0, judged as the reader sees value and bounds.

    A share of 35,8% reads 36%, and is therefore in the class '36% of meer'.
    """
    decimals = decimals_for(bounds, value_format)
    scale = 100 if value_format == "percent" else 1
    shown = np.round(np.asarray(values, dtype=float) * scale, decimals)
    return np.digitize(shown, np.round(np.asarray(bounds, dtype=float) * scale, decimals))


def class_counts(values: Sequence[float], bounds: Sequence[float], value_format: str) -> list[int]:
    """Return how many values each class holds."""
    return np.bincount(class_of(values, bounds, value_format), minlength=len(bounds) + 1).tolist()


def class_colours(bounds: Sequence[float]) -> tuple[str, ...]:
    """Return one colour per class; fewer classes keep the ends of the scale.

    Raises
    ------
    ValueError
        For more classes than can be told apart.
    """
    number = len(bounds) + 1
    if number > len(SEQUENTIAL):
        raise ValueError(f"a map has at most {len(SEQUENTIAL)} classes, not {number}")
    if number == 1:
        return (SEQUENTIAL[2],)
    places = np.linspace(0, len(SEQUENTIAL) - 1, number).round().astype(int)
    return tuple(SEQUENTIAL[place] for place in places)


def class_names(bounds: Sequence[float], value_format: str) -> list[str]:
    """Return the classes as a reader calls them: 'onder 17%', '17 – 23%', '23% of meer'."""
    if not bounds:
        return ["alle gelijk"]
    decimals = decimals_for(bounds, value_format)
    texts = [in_format(bound, value_format, decimals) for bound in bounds]
    between = [
        f"{low.removesuffix('%')} – {high}" for low, high in zip(texts, texts[1:], strict=False)
    ]
    return [f"onder {texts[0]}", *between, f"{texts[-1]} of meer"]


def _round_steps(spread: float):
    """Yield 1, 2, 5, 10 ... downward from about half the spread."""
    for power in range(math.ceil(math.log10(spread)), math.floor(math.log10(spread)) - 9, -1):
        for digit in (5, 2, 1):
            step = digit * 10.0**power
            if step <= spread / 2:
                yield step
