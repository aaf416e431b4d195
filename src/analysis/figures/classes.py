"""Classes of a choropleth: round bounds near the quintiles, and how a reader calls them."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis.figures.style import OF_TWO, SEQUENTIAL, TO_BOTH_SIDES
from analysis.figures.wording import NAMED_VALUES, decimals_for, in_format

# A class may hold at most so many times its even share before the bounds are made finer.
_UNEVEN = 1.6
_EURO = "€\u00a0"


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
        Increasing, at most `classes` - 1; fewer where values repeat, none where all read alike. A
        value on a bound is in the class above it.
    """
    numbers = np.sort(values.to_numpy(dtype=float))
    texts = [in_format(number, value_format) for number in numbers]
    if len(set(texts)) < 2:
        return []
    for wanted in range(classes, 1, -1):
        for bounds in _candidates(numbers, wanted):
            if _tells_apart(numbers, texts, bounds, value_format, wanted):
                return bounds
    # Nearly all alike: what reads differently from the lowest is a class of its own.
    return [float(next(n for n, t in zip(numbers, texts, strict=True) if t != texts[0]))]


def class_of(values: Sequence[float], bounds: Sequence[float], value_format: str) -> np.ndarray:
    """Return the class of each value, from 0, judged as the reader sees value and bounds.

    A share of 35,8% reads 36%, and is therefore in the class '36% of meer'.
    """
    decimals = decimals_for(bounds, value_format)
    scale = 100 if value_format == "percent" else 1
    # Python's own rounding is that of the text: numpy rounds 0.95 to 1.0, and the text says 0,9.
    shown, limits = (
        [round(float(number) * scale, decimals) for number in numbers]
        for numbers in (values, bounds)
    )
    return np.digitize(shown, limits)


def class_counts(values: Sequence[float], bounds: Sequence[float], value_format: str) -> list[int]:
    """Return how many values each class holds."""
    return np.bincount(class_of(values, bounds, value_format), minlength=len(bounds) + 1).tolist()


def class_colours(bounds: Sequence[float], value_format: str = "") -> tuple[str, ...]:
    """Return one colour per class; fewer classes keep the ends of the scale.

    Three classes with names of their own lie on both sides of a middle that says nothing; four
    are neither, the one, the other and both.

    Raises
    ------
    ValueError
        For more classes than can be told apart.
    """
    if value_format in NAMED_VALUES:
        return OF_TWO if len(NAMED_VALUES[value_format]) == len(OF_TWO) else TO_BOTH_SIDES
    number = len(bounds) + 1
    if number > len(SEQUENTIAL):
        raise ValueError(f"a map has at most {len(SEQUENTIAL)} classes, not {number}")
    if number == 1:
        return (SEQUENTIAL[2],)
    places = np.linspace(0, len(SEQUENTIAL) - 1, number).round().astype(int)
    return tuple(SEQUENTIAL[place] for place in places)


def class_names(bounds: Sequence[float], value_format: str) -> list[str]:
    """Return the classes as a reader calls them: 'onder 17%', '17 – 23%', '23% of meer'."""
    if value_format in NAMED_VALUES:
        return list(NAMED_VALUES[value_format].values())
    if not len(bounds):
        return ["alle gebieden"]
    decimals = decimals_for(bounds, value_format)
    texts = [in_format(bound, value_format, decimals) for bound in bounds]
    between = [
        f"{low.removesuffix('%')} – {high.removeprefix(_EURO)}"
        for low, high in zip(texts, texts[1:], strict=False)
    ]
    return [f"onder {texts[0]}", *between, f"{texts[-1]} of meer"]


def _candidates(numbers: np.ndarray, wanted: int) -> Iterator[list[float]]:
    """Yield bounds of so many classes, the roundest first."""
    # Quantiles that are values themselves: each begins a class that holds at least that value.
    shares = np.linspace(0, 1, wanted + 1)[1:-1]
    quantiles = np.unique(np.quantile(numbers, shares, method="higher"))
    quantiles = quantiles[quantiles > numbers[0]]
    if len(quantiles) == 0:
        return
    for step in _round_steps(numbers[-1] - numbers[0]):
        bounds = np.unique(np.round(np.round(quantiles / step) * step, 12))
        if len(bounds) == len(quantiles):
            yield [float(bound) for bound in bounds]


def _tells_apart(
    numbers: np.ndarray, texts: list[str], bounds: list[float], value_format: str, wanted: int
) -> bool:
    """Whether each class is in use, none too full, and what reads alike is in one class."""
    found = class_of(numbers, bounds, value_format)
    counts = np.bincount(found, minlength=len(bounds) + 1)
    # Values that repeat fill a class however the bounds are chosen.
    repeated = int(np.unique(numbers, return_counts=True)[1].max())
    share = len(numbers) / wanted
    most = max(_UNEVEN * share, repeated + share / 2)
    return (
        counts.min() > 0
        and counts.max() <= most
        and len(set(zip(texts, found.tolist(), strict=True))) == len(set(texts))
    )


def _round_steps(spread: float) -> Iterator[float]:
    """Yield 1, 2, 5, 10 ... downward from about half the spread, in six steps of ten."""
    top = math.ceil(math.log10(spread))
    for power in range(top, top - 6, -1):
        for digit in (5, 2, 1):
            step = digit * 10.0**power
            if step <= spread / 2:
                yield step
