"""How often the interval for rounded and withheld counts holds the index of the true ones.

    python benchmarks/coverage.py --towns 300 [--full] [--csv FILE] [--processes 2]

Simulates towns of which the true counts are known, publishes them as is done with buurten (rounded
to 5, small counts withheld) and prints for every kind of town the share of towns in which the
interval holds the true index, and its median width; beside it, what adding noise to the published
counts gives. A kind of town is a size of units, a share of the group, a number of units, a way in
which people live apart and a way of publishing. --full runs all of
them (days), without it three ways of living apart and of publishing, in rotation, for every size,
share and number of units.
"""

import argparse
import itertools
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass, fields

import numpy as np
import pandas as pd

from analysis.measures.evenness import dissimilarity, information_theory
from analysis.measures.exposure import isolation
from analysis.measures.rounding import rounding_interval

INDICES = (dissimilarity, information_theory, isolation)
SIZES = (60, 100, 300, 4000)
SHARES = (0.05, 0.1, 0.2)
UNITS = (20, 60, 200)
# How people live apart -> how far.
SPREADS = {
    "by chance": 0.0,
    "logit-normal, little": 0.3,
    "logit-normal": 0.8,
    "logit-normal, much": 1.6,
    "beta-binomial": 0.05,
    "bimodal": 0.6,
    "bimodal, much": 3.0,
    "clustered": 0.8,
    "shares times size": 0.5,
}
# How the counts are published: rounding, units below this withheld, with size, counts below.
RELEASES = {
    "random": ("random", 0, False, 0),
    "nearest": ("nearest", 0, False, 0),
    "random, units < 50 without group": ("random", 50, False, 0),
    "random, units < 50 withheld": ("random", 50, True, 0),
    "random, counts < 5 withheld": ("random", 0, False, 5),
    "random, counts < 10 withheld": ("random", 0, False, 10),
    "nearest, counts < 5 withheld": ("nearest", 0, False, 5),
}
PUBLISHED_TAIL = 0.025


@dataclass(frozen=True)
class Kind:
    """One kind of town."""

    size: int
    share: float
    units: int
    spread: str
    release: str


def true_counts(
    kind: Kind, towns: int, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return members of the group and inhabitants, of shape (towns, units)."""
    shape = (towns, kind.units)
    size = np.maximum(np.rint(kind.size * np.exp(0.7 * random.standard_normal(shape))), 1)
    size = size.astype(int)
    share, far = kind.share, SPREADS[kind.spread]
    if kind.spread.startswith("bimodal"):
        high, low = min(0.9, share * (1 + 3 * far)), share * max(0.05, 1 - 0.9 * min(far, 1.0))
        many = random.random(shape) < (share - low) / (high - low)
        p = np.clip(
            np.where(many, high, low) * np.exp(0.1 * random.standard_normal(shape)), 0, 0.98
        )
    elif kind.spread == "beta-binomial":
        p = random.beta(share * (1 / far - 1), (1 - share) * (1 / far - 1), shape)
    else:
        off = far * random.standard_normal(shape)
        if kind.spread == "clustered":
            # A wave through the town: units beside each other are alike, and size goes with it.
            wave = np.sin(
                3 * np.pi * np.linspace(0, 1, kind.units) + 6.28 * random.random((towns, 1))
            )
            off = 0.25 * off + 1.3 * far * wave
            size = np.maximum(np.rint(size * np.exp(0.3 * wave)), 1).astype(int)
        middle = np.log(share / (1 - share))
        p = 1 / (1 + np.exp(-off - middle))
        for _ in range(20):
            found = (p * size).sum(axis=1, keepdims=True) / size.sum(axis=1, keepdims=True)
            middle = middle - np.log(found / (1 - found)) + np.log(share / (1 - share))
            p = 1 / (1 + np.exp(-off - middle))
    if kind.spread == "shares times size":
        # No chance at all: more even than people who choose would be.
        return np.minimum(np.rint(p * size), size).astype(int), size
    return random.binomial(size, p), size


def rounded(counts: np.ndarray, scheme: str, random: np.random.Generator) -> np.ndarray:
    """Return counts as multiples of 5."""
    if scheme == "nearest":
        return (counts + 2) // 5 * 5.0
    rest = counts % 5
    return counts - rest + 5.0 * (random.random(counts.shape) < rest / 5)


def noisy_interval(group, total, number, random, draws: int = 100) -> np.ndarray:
    """Return low and high per index of published counts with rounding noise added once more."""
    found = []
    for _ in range(draws):
        x = np.maximum(group + random.integers(-2, 3, group.shape), 0)
        t = np.maximum(total + random.integers(-2, 3, total.shape), x)
        found.append([np.asarray(index(x, t - x, number)) for index in INDICES])
    return np.quantile(np.array(found), [PUBLISHED_TAIL, 1 - PUBLISHED_TAIL], axis=0)


def coverage(kind: Kind, towns: int, draws: int, seed: int) -> pd.DataFrame:
    """Return a row per index and method: share of towns covered, and median width."""
    key = [seed, *np.frombuffer(repr(astuple(kind)).encode(), dtype=np.uint8)]
    random = np.random.default_rng([int(part) for part in key])
    x, t = true_counts(kind, towns, random)
    scheme, small, size_too, few = RELEASES[kind.release]
    group, total = rounded(x, scheme, random), rounded(t, scheme, random)
    group[(t < small) | (x < few)] = np.nan
    if size_too:
        total[t < small] = np.nan
    number = np.repeat(np.arange(towns), kind.units)
    limit = np.where(t < small, np.inf, few if few else np.inf)
    start = time.process_time()
    found = rounding_interval(
        group.ravel(),
        total.ravel(),
        number,
        index=INDICES,
        group_below=limit.ravel(),
        total_below=small or None,
        draws=draws,
        seed=seed,
    )
    took = time.process_time() - start
    flat = x.ravel(), (t - x).ravel(), number
    whole = ~(np.isnan(group) | np.isnan(total)).ravel()
    naive = noisy_interval(group.ravel()[whole], total.ravel()[whole], number[whole], random)
    rows = []
    for place, index in enumerate(INDICES):
        true = index(*flat).to_numpy()
        ours = found.loc[index.__name__]
        low, high = ours["low"].to_numpy(), ours["high"].to_numpy()
        row = {field.name: getattr(kind, field.name) for field in fields(kind)}
        row |= {
            "index": index.__name__,
            "true": np.nanmedian(true),
            "published": np.nanmedian(ours["published"]),
            "estimate": np.nanmedian(ours["estimate"]),
            "covered": np.mean((low <= true) & (true <= high)),
            "width": np.nanmedian(high - low),
            "seconds": took,
            "noise_covered": np.nan,
            "noise_width": np.nan,
        }
        if naive.shape[-1] == towns:
            least, most = naive[:, place]
            row["noise_covered"] = np.mean((least <= true) & (true <= most))
            row["noise_width"] = np.nanmedian(most - least)
        rows.append(row)
    return pd.DataFrame(rows)


def kinds(full: bool) -> list[Kind]:
    """Return the kinds of towns: all, or three per size, share and number of units."""
    everything = [Kind(*one) for one in itertools.product(SIZES, SHARES, UNITS, SPREADS, RELEASES)]
    if full:
        return everything
    spreads, releases = list(SPREADS), list(RELEASES)
    chosen = []
    for place, (size, share, units) in enumerate(itertools.product(SIZES, SHARES, UNITS)):
        for turn in range(3):
            number = 3 * place + turn
            chosen.append(
                Kind(size, share, units, spreads[number % 9], releases[(number + place // 9) % 7])
            )
    return chosen


def main() -> None:
    """Simulate, print the table and what each method covers at worst."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--towns", type=int, default=300)
    parser.add_argument("--draws", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first kind of town")
    parser.add_argument("--last", type=int, help="number of the last kind of town")
    parser.add_argument("--csv", help="file for the whole table")
    options = parser.parse_args()
    todo = kinds(options.full)[options.first : options.last and options.last + 1]
    given = [options.towns], [options.draws], [options.seed]
    tables = []
    with ProcessPoolExecutor(options.processes) as pool:
        rest = (itertools.repeat(value[0]) for value in given)
        for kind, table in zip(todo, pool.map(coverage, todo, *rest), strict=True):
            tables.append(table)
            line = "  ".join(
                f"{name[:5]} {row.covered:.3f} w {row.width:.3f} ({row.noise_covered:.2f})"
                for name, row in zip(table["index"], table.itertuples(), strict=True)
            )
            print(*astuple(kind), f"D {table['true'][0]:.3f}", line, sep=" | ", flush=True)
            if options.csv:
                pd.concat(tables).to_csv(options.csv, index=False)
    table = pd.concat(tables)
    print(table.groupby(["index", "size"])[["covered", "noise_covered"]].agg(["min", "mean"]))
    print(table.groupby(["index", "spread"])["covered"].agg(["min", "mean"]))


if __name__ == "__main__":
    main()
