"""Time the segregation measures beside PySAL segregation, EquiPop and divintseg, in one run.

    python run.py benchmark segregation [--table TABLE.parquet] [--only indices knn ...]

TABLE is the Kerncijfers wijken en buurten of 2020 as published; without it only the synthetic
national table (345 gemeenten, 14,400 buurten; made up) is measured. Every side runs in a process
of its own, so that its peak memory is its own too, and prints the best time of a few, how many
times longer the peer takes, and the largest difference in value.
"""

import argparse
import contextlib
import io
import multiprocessing
import resource
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.measures.atkinson import atkinson
from analysis.measures.bias_correction import bias_corrected_dissimilarity
from analysis.measures.evenness import dissimilarity, gini, information_theory
from analysis.measures.exposure import correlation_ratio, interaction, isolation
from analysis.measures.information import multigroup_information_theory
from analysis.measures.multigroup import multigroup_dissimilarity
from analysis.measures.nearest import nearest_persons
from analysis.measures.resampling import random_allocation
from analysis.measures.scale import radius_profile

# The folder of this script comes first on the path, and PySAL's package has this script's name.
sys.path[:] = [place for place in sys.path if Path(place or ".").resolve() != Path(__file__).parent]

SEED = 20
SEVEN = (dissimilarity, gini, information_theory, atkinson, isolation, interaction,
         correlation_ratio)  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One side of a comparison: who, how to call it, and how many times its work counts."""

    name: str
    call: Callable[[], object]
    repeat: int = 1
    # A peer too slow to do it all does a part; its time is multiplied by this.
    times: float = 1.0


def synthetic() -> pd.DataFrame:
    """Return a made-up country: group, others and two halves of the others by buurt."""
    random = np.random.default_rng(SEED)
    sizes = random.multinomial(14_400 - 345 * 3, random.dirichlet(np.full(345, 0.7))) + 3
    gemeente = np.repeat([f"GM{n:04d}" for n in range(345)], sizes)
    total = np.round(random.lognormal(6.6, 1.0, len(gemeente)) / 5) * 5 + 5
    share = random.beta(2, 10, len(gemeente))
    group = np.minimum(np.round(total * share / 5) * 5, total - 5)
    others = total - group
    part = np.round(others * random.beta(4, 4, len(gemeente)))
    return pd.DataFrame(
        {"gm": gemeente, "group": group, "others": others, "one": part, "two": others - part}
    )


def published(path: str) -> pd.DataFrame:
    """Return the buurten of 2020 with people: non-Western, others, Western and no migration."""
    names = {"Codering_3": "code", "AantalInwoners_5": "total", "NietWestersTotaal_18": "group",
             "WestersTotaal_17": "one"}  # fmt: skip
    table = pd.read_parquet(path, columns=list(names)).rename(columns=names)
    table["code"] = table["code"].str.strip()
    table = table[table["code"].str.startswith("BU")].dropna()
    table[["total", "group", "one"]] = table[["total", "group", "one"]].astype(float)
    others = (table["total"] - table["group"]).clip(lower=0)
    one = np.minimum(table["one"], others)
    frame = pd.DataFrame(
        {"gm": "GM" + table["code"].str[2:6], "group": table["group"], "others": others,
         "one": one, "two": others - one}
    )  # fmt: skip
    inhabited = frame["group"] + frame["others"] > 0
    frame = frame[inhabited].sort_values("gm", ignore_index=True)
    both = frame.groupby("gm")[["group", "others"]].transform("sum").gt(0).all(axis=1)
    several = frame.groupby("gm")["gm"].transform("size").gt(1)
    return frame[both & several].reset_index(drop=True)


# -- the comparisons ----------------------------------------------------------------------------


def indices(units: pd.DataFrame) -> list[Side]:
    """Seven indices of two groups, of every gemeente."""
    columns = units["group"], units["others"], units["gm"]

    def ours() -> np.ndarray:
        return np.stack([measure(*columns).to_numpy() for measure in SEVEN])

    def equipop() -> np.ndarray:
        from equipop.segregation import seg_indices_at_scale

        t, x = (units["group"] + units["others"]).to_numpy(), units["group"].to_numpy()
        found = []
        for place in units.groupby("gm").indices.values():
            one = seg_indices_at_scale(t[place], x[place], x[place].sum() / t[place].sum())
            found.append([one[name] for name in ("D", "Gini", "H", "Atkinson_0.5", "Isolation",
                                                 "Interaction", "CorrelationV")])  # fmt: skip
        return np.array(found).T

    def pysal() -> np.ndarray:
        from segregation import singlegroup

        classes = ("Dissim", "Gini", "Entropy", "Atkinson", "Isolation", "Interaction",
                   "CorrelationR")  # fmt: skip
        table = units.assign(total=units["group"] + units["others"])
        found = [
            [getattr(singlegroup, name)(own, "group", "total").statistic for name in classes]
            for _, own in table.groupby("gm")
        ]
        return np.array(found).T

    return [Side("ours", ours, 30), Side("EquiPop", equipop, 10), Side("PySAL", pysal, 1)]


def multigroup(units: pd.DataFrame) -> list[Side]:
    """H and D of three groups, of every gemeente."""
    groups = units[["group", "one", "two"]]

    def ours() -> np.ndarray:
        return np.stack(
            [multigroup_information_theory(groups, units["gm"]).to_numpy(),
             multigroup_dissimilarity(groups, units["gm"]).to_numpy()]
        )  # fmt: skip

    def pysal() -> np.ndarray:
        from segregation.multigroup import MultiDissim, MultiInfoTheory

        names = list(groups.columns)
        found = [
            [MultiInfoTheory(own, names).statistic, MultiDissim(own, names).statistic]
            for _, own in units.groupby("gm")
        ]
        return np.array(found).T

    return [Side("ours", ours, 20), Side("PySAL", pysal, 2)]


def divint(units: pd.DataFrame) -> list[Side]:
    """Simpson's diversity inside and between buurten, of every gemeente."""
    from analysis.measures.multigroup_exposure import relative_diversity

    groups = units[["group", "one", "two"]]

    def ours() -> np.ndarray:
        return relative_diversity(groups, units["gm"]).to_numpy()

    def peer() -> np.ndarray:
        import divintseg

        table = groups.assign(gm=units["gm"], unit=np.arange(len(units)))
        found = divintseg.di(table, by="gm", over="unit", add_segregation=True)
        # Its segregation is 1 - integration/diversity where the index is relative.
        return (1 - found["integration"] / found["diversity"]).to_numpy()

    return [Side("ours", ours, 20), Side("divintseg", peer, 5)]


def allocations(units: pd.DataFrame) -> list[Side]:
    """Five hundred random allocations of D, of every gemeente; PySAL does one gemeente."""
    columns = units["group"], units["others"], units["gm"]

    def ours() -> float:
        return float(random_allocation(*columns, draws=500, seed=SEED)["expected"].iloc[0])

    first = units[units["gm"].eq(units["gm"].iloc[0])]
    number = units["gm"].nunique()

    def pysal() -> float:
        from segregation.inference import SingleValueTest
        from segregation.singlegroup import Dissim

        table = first.assign(total=first["group"] + first["others"])
        test = SingleValueTest(
            Dissim(table, "group", "total"), iterations_under_null=500,
            null_approach="systematic", n_jobs=1,
        )  # fmt: skip
        return float(np.mean(test.est_sim))

    return [Side("ours", ours, 2), Side("PySAL", pysal, 1, times=number)]


def bias(units: pd.DataFrame) -> list[Side]:
    """Bias-corrected D of every gemeente; PySAL does ten, by 500 bootstraps each."""
    columns = units["group"], units["others"], units["gm"]
    names = sorted(units["gm"].unique())[:10]
    number = units["gm"].nunique()

    def ours() -> np.ndarray:
        return bias_corrected_dissimilarity(*columns).loc[names].to_numpy()

    def pysal() -> np.ndarray:
        from segregation.singlegroup import BiasCorrectedDissim

        table = units.assign(total=units["group"] + units["others"]).set_index("gm")
        return np.array(
            [BiasCorrectedDissim(table.loc[name].reset_index(), "group", "total", 500).statistic
             for name in names]
        )  # fmt: skip

    return [Side("ours", ours, 5), Side("PySAL", pysal, 1, times=number / len(names))]


# -- on a grid of squares of 100 m ----------------------------------------------------------------


def squares(side: int, number: int) -> pd.DataFrame:
    """Return a made-up grid: a group and others in `number` of side x side squares of 100 m."""
    random = np.random.default_rng(SEED)
    place = np.sort(random.choice(side * side, number, replace=False))
    east, north = 100.0 * (place % side) + 50, 100.0 * (place // side) + 50
    wave = 0.5 + 0.4 * np.sin(east / 3_000) * np.cos(north / 4_000)
    total = random.integers(5, 120, number).astype(float)
    group = random.binomial(total.astype(int), 0.3 * wave).astype(float)
    return pd.DataFrame({"east": east, "north": north, "group": group, "others": total - group})


def spatial() -> list[Side]:
    """Spatial information theory at four radii, 5,000 squares of 100 m."""
    cells, radii = squares(75, 5_000), [500.0, 1_000.0, 1_500.0, 2_000.0]
    groups = cells[["group", "others"]]

    def ours() -> np.ndarray:
        found = radius_profile(groups, cells["east"], cells["north"], radii)
        return found["spatial_information_theory"].to_numpy()

    def pysal() -> np.ndarray:
        import geopandas
        from segregation.dynamics import compute_multiscalar_profile
        from segregation.multigroup import MultiInfoTheory

        places = geopandas.points_from_xy(cells["east"] + 100_000, cells["north"] + 450_000)
        table = geopandas.GeoDataFrame(groups, geometry=places, crs=28992)
        found = compute_multiscalar_profile(
            table, segregation_index=MultiInfoTheory, distances=radii, groups=list(groups)
        )
        return np.asarray(found)[-len(radii) :]

    return [Side("ours", ours, 3), Side("PySAL", pysal, 1)]


def nearest() -> list[Side]:
    """Composition of the 200, 1,600 and 12,800 nearest people, 400,000 squares of 100 m."""
    cells, k = squares(900, 400_000), [200, 1_600, 12_800]
    groups = cells[["group", "others"]]

    def ours() -> np.ndarray:
        found = nearest_persons(groups, cells["east"], cells["north"], k)
        return np.stack([found.members[size]["group"].to_numpy() / size for size in k])

    def equipop() -> np.ndarray:
        from equipop import CellData, run_knn_counts

        total, members = groups.sum(axis=1).to_numpy(), cells["group"].to_numpy()
        data = CellData(
            E=cells["east"].to_numpy(), N=cells["north"].to_numpy(), n=total,
            binary_sums={"group": members}, binary_valid={"group": total}, unit_size=100.0,
        )  # fmt: skip
        found = run_knn_counts(data, k_values=k, report=False)
        order = found.set_index(["EastWest", "NorthSouth"]).index
        wanted = pd.MultiIndex.from_arrays([cells["east"], cells["north"]])
        found = found.iloc[order.get_indexer(wanted)]
        return found[[f"R_group_{size}" for size in k]].to_numpy().T

    return [Side("ours", ours, 1), Side("EquiPop", equipop, 1)]


NATIONAL = {
    "indices": indices,
    "multigroup": multigroup,
    "divintseg": divint,
    "allocations": allocations,
    "bias": bias,
}
GRIDS = {"spatial": spatial, "nearest": nearest}


# -- measuring ----------------------------------------------------------------------------------


def measured(side: Side) -> tuple[float, float, object]:
    """Return the best time in seconds, the memory in MB that it took, and the value."""

    def run(pipe) -> None:
        warnings.simplefilter("ignore")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        best, value = np.inf, None
        try:
            with (
                contextlib.redirect_stdout(io.StringIO()),
                contextlib.redirect_stderr(io.StringIO()),
            ):
                if side.repeat > 1:
                    side.call()
                for _ in range(side.repeat):
                    start = time.perf_counter()
                    value = side.call()
                    best = min(best, time.perf_counter() - start)
        except Exception as error:  # a peer that fails is told, and the others go on
            pipe.send((np.nan, np.nan, f"{type(error).__name__}: {error}"))
            return
        memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        pipe.send((best * side.times, memory, value))

    here, there = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=run, args=(there,))
    process.start()
    answer = here.recv()
    process.join()
    return answer


def compared(title: str, sides: list[Side]) -> None:
    """Measure the sides of one comparison and print them."""
    print(f"\n{title}")
    ours = None
    for side in sides:
        seconds, memory, value = measured(side)
        if isinstance(value, str):
            print(f"  {side.name:<10} failed: {value[:90]}")
            continue
        line = f"  {side.name:<10}{seconds:12.4f} s {memory:8.0f} MB"
        if ours is None:
            ours = seconds, value
        else:
            line += f"{seconds / ours[0]:10.1f} times ours, largest difference "
            line += f"{np.nanmax(np.abs(np.asarray(value) - np.asarray(ours[1]))):.1e}"
        print(line, flush=True)


def main() -> None:
    """Read the options and run the comparisons."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--table", help="parquet with the Kerncijfers of 2020")
    parser.add_argument(
        "--only", nargs="+", choices=[*NATIONAL, *GRIDS], default=[*NATIONAL, *GRIDS]
    )
    options = parser.parse_args()
    tables = {"synthetic, made up": synthetic()}
    if options.table:
        tables = {"2020 as published": published(options.table), **tables}
    for name, units in tables.items():
        about = f"{units['gm'].nunique()} gemeenten, {len(units):,} buurten, {name}"
        for part in (part for part in options.only if part in NATIONAL):
            compared(f"{part}: {NATIONAL[part].__doc__.splitlines()[0]} ({about})",
                     NATIONAL[part](units))  # fmt: skip
    for part in (part for part in options.only if part in GRIDS):
        compared(f"{part}: {GRIDS[part].__doc__.splitlines()[0]} (made up)", GRIDS[part]())


if __name__ == "__main__":
    main()
