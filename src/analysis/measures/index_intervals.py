"""The interval of an index over true counts drawn in several ways."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from analysis.measures.areas import Areas
from analysis.measures.count_mixture import mixture_draws, share_mixture
from analysis.measures.count_normal import normal_draws
from analysis.measures.rounded_counts import RoundedCounts
from analysis.measures.streams import area_streams

Index = Callable[..., pd.Series | float]
# The percentiles are those of a level with a fifth of the error allowed: no distribution of the
# shares is quite the true one, and what is promised is coverage in every kind of town.
STRICTER = 5.0
# And their distance to the median is stretched, for the same reason.
STRETCH = 1.3
# How many counts are held at once while indices are taken of many draws.
CHUNK = 400_000


def intervals(
    areas: Areas,
    behind: Callable[[str], RoundedCounts],
    schemes: tuple[str, ...],
    shown: tuple[np.ndarray, np.ndarray],
    index: Index | Sequence[Index],
    level: float,
    draws: int,
    seed: int,
) -> pd.DataFrame:
    """Return the index of the published counts and the interval of the true one, of every area.

    Parameters
    ----------
    areas : Areas
    behind : callable
        Gives the counts that can lie behind the published ones if they were rounded one way.
    schemes : tuple of str
        The ways of rounding that are to be covered.
    shown : tuple of ndarray
        Published group and total, 0 where either was not.
    index, level, draws, seed
        See `rounding_interval`.

    Returns
    -------
    DataFrame
        See `rounding_interval`.
    """
    indices = [index] if callable(index) else list(index)
    labels = pd.Index(["all"]) if areas.labels is None else areas.labels
    number = areas.spread(np.arange(len(areas.sizes)))
    tail = (1 - level) / 2 / STRICTER
    lows, highs, middles = [], [], []
    for values in _values(areas, behind, schemes, labels, indices, draws, seed):
        low, middle, high = _percentiles(values, tail)
        lows.append(low)
        highs.append(high)
        middles.append(middle)
    published = _indices_of(*shown, number, len(labels), indices)
    tables = {}
    for place, one in enumerate(indices):
        tables[one.__name__] = pd.DataFrame(
            {
                "published": published[place],
                "estimate": middles[0][place] if middles else np.nan,
                "low": np.fmin.reduce([low[place] for low in lows]) if lows else np.nan,
                "high": np.fmax.reduce([high[place] for high in highs]) if highs else np.nan,
            },
            index=labels,
        )
        tables[one.__name__][["low", "high"]] = tables[one.__name__][["low", "high"]].clip(0, 1)
    if callable(index):
        return tables[index.__name__]
    return pd.concat(tables, names=["measure"])


def drawn_values(
    areas: Areas,
    behind: Callable[[str], RoundedCounts],
    scheme: str,
    index: Index,
    draws: int,
    seed: int,
) -> pd.DataFrame:
    """Return the index of every draw, of shape (areas, draws of the three descriptions).

    Parameters
    ----------
    areas, behind, index, draws, seed
        See `intervals`.
    scheme : str
        One way of rounding.
    """
    labels = pd.Index(["all"]) if areas.labels is None else areas.labels
    values = [found[0] for found in _values(areas, behind, (scheme,), labels, [index], draws, seed)]
    drawn = np.concatenate(values) if values else np.empty((0, len(labels)))
    return pd.DataFrame(drawn.T, index=labels)


def _values(areas, behind, schemes, labels, indices, draws, seed) -> Iterator[np.ndarray]:
    """Yield the indices of the draws of each description, of shape (indices, draws, areas)."""
    if not areas.sizes.sum():
        return
    number = areas.spread(np.arange(len(areas.sizes)))
    for way in schemes:
        counts = behind(way)
        mixture = share_mixture(areas, counts)
        for drawn in (
            mixture_draws(mixture, area_streams(seed, labels, "mixture"), draws),
            *(
                normal_draws(
                    areas,
                    counts,
                    mixture.overall,
                    area_streams(seed, labels, name),
                    draws,
                    angle=name == "angle",
                )
                for name in ("normal", "angle")
            ),
        ):
            yield _indices_of_draws(drawn, number, len(labels), indices)


def _indices_of_draws(drawn, number, areas: int, indices: list[Index]) -> np.ndarray:
    found, held = [], []
    most = max(1, CHUNK // max(len(number), 1))
    for draw in drawn:
        held.append(draw)
        if len(held) == most:
            found.append(_indices_of_batch(held, number, areas, indices))
            held = []
    if held:
        found.append(_indices_of_batch(held, number, areas, indices))
    return np.concatenate(found, axis=1)


def _indices_of_batch(held: list, number, areas: int, indices: list[Index]) -> np.ndarray:
    x, t = (np.concatenate(columns) for columns in zip(*held, strict=True))
    copies = (np.arange(len(held))[:, None] * areas + number).ravel()
    values = _indices_of(x, t, copies, len(held) * areas, indices)
    return values.reshape(len(indices), len(held), areas)


def _indices_of(x, t, number, areas: int, indices: list[Index]) -> np.ndarray:
    others = np.maximum(t - x, 0)
    values = np.full((len(indices), areas), np.nan)
    if len(x):
        for place, index in enumerate(indices):
            values[place] = np.asarray(index(x, others, number), dtype=float)
    return values


def _percentiles(values: np.ndarray, tail: float) -> np.ndarray:
    """Return low, middle and high of each index and area; NaN where no draw has a value."""
    found = np.full((3, values.shape[0], values.shape[2]), np.nan)
    some = ~np.isnan(values).all(axis=1)
    if some.any():
        known = values.transpose(1, 0, 2)[:, some]
        low, middle, high = np.nanquantile(known, [tail, 0.5, 1 - tail], axis=0)
        found[0, some] = middle + STRETCH * (low - middle)
        found[1, some] = middle
        found[2, some] = middle + STRETCH * (high - middle)
    return found
