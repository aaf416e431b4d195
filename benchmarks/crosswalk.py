"""Time of the crosswalk of a whole country by area, on a made-up tiling.

    python benchmarks/crosswalk.py [BUURTEN]

Outlines of all buurten of two years are not at hand where this was built. So a country is made up:
14,400 buurten, Voronoi cells of random points clipped to a square of 180 km, with edges as broken
as drawn borders are (over 150 vertices each), in 340 gemeenten. In the second year one buurt in
ten is split, one pair in twenty is joined, one in fifty has another code, and a tenth of the edges
is drawn anew. Goal: 20 s.
"""

import sys
import time

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from analysis.sources.change_flags import flags_between
from analysis.sources.crosswalk import crosswalk

SIDE = 180_000.0
GEMEENTEN = 340
STEP = 40.0
SEED = 20240101


def main(buurten: int) -> None:
    """Print what was made up, the seconds, the labels, and that weights add up to 1."""
    rng = np.random.default_rng(SEED)
    old = country(rng, buurten)
    new = redivided(rng, old)
    vertices = shapely.get_num_coordinates(old.geometry.to_numpy()).mean()
    print(f"made up: {len(old)} buurten to {len(new)}, {vertices:.0f} vertices each, {GEMEENTEN} "
          "gemeenten")  # fmt: skip
    tables = [pd.DataFrame({"inhabitants": 1200.0}, index=one.index) for one in (old, new)]
    started, worked = time.perf_counter(), time.process_time()
    walk = crosswalk(*tables, flags_between({}, 2020, 2022), old, new)
    seconds, work = time.perf_counter() - started, time.process_time() - worked
    print(f"crosswalk {seconds:.1f} s (work {work:.1f} s), {len(walk)} rows")
    print(
        walk.dropna(subset="to_code").groupby("to_code")["label"].first().value_counts().to_dict()
    )
    off = (walk.groupby("from_code")["weight"].sum() - 1).abs().max()
    print(f"weights of a buurt differ from 1 by at most {off:.1e}")


def country(rng: np.random.Generator, buurten: int) -> gpd.GeoDataFrame:
    """Return a made-up country: crooked cells without gaps, coded by gemeente."""
    points = rng.uniform(0, SIDE, (buurten, 2))
    square = shapely.box(0, 0, SIDE, SIDE)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=square)
    )
    cells = bent(shapely.intersection(cells, square))
    centres = shapely.get_coordinates(shapely.centroid(cells))
    gemeente = cKDTree(rng.uniform(0, SIDE, (GEMEENTEN, 2))).query(centres)[1]
    number = pd.Series(gemeente).groupby(gemeente).cumcount().to_numpy()
    codes = [f"BU{g + 1:04d}{n:04d}" for g, n in zip(gemeente, number, strict=True)]
    return gpd.GeoDataFrame(geometry=cells, index=pd.Index(codes), crs="EPSG:28992")


def bent(cells: np.ndarray, size: float = 15.0) -> np.ndarray:
    """Return cells with a vertex every few metres, all moved by one smooth field: no gaps."""
    fine = shapely.segmentize(cells, STEP)

    def moved(xy: np.ndarray) -> np.ndarray:
        x, y = xy.T
        bend = np.sin(x / 97.0) * np.cos(y / 131.0), np.cos(x / 113.0) * np.sin(y / 89.0)
        return xy + size * np.column_stack(bend)

    return shapely.make_valid(shapely.transform(fine, moved))


def redivided(rng: np.random.Generator, old: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the country of a later year: split, joined, recoded and drawn anew."""
    shapes, codes = old.geometry.to_numpy().copy(), old.index.to_numpy().astype(object)
    fate = rng.uniform(size=len(old))
    again = fate > 0.9
    shapes[again] = shapely.make_valid(shapely.simplify(shapes[again], 2.0))
    recoded = (fate > 0.88) & ~again
    codes[recoded] = [f"{code[:6]}9{code[7:]}" for code in codes[recoded]]
    split = fate < 0.1
    halves, extra = [], []
    for shape, code in zip(shapes[split], codes[split], strict=True):
        left, bottom, right, top = shape.bounds
        middle = (left + right) / 2
        halves += [
            shape.intersection(shapely.box(left, bottom, middle, top)),
            shape.intersection(shapely.box(middle, bottom, right, top)),
        ]
        extra += [code, f"{code[:6]}8{code[7:]}"]
    found = gpd.GeoDataFrame(
        geometry=[*shapes[~split], *halves], index=[*codes[~split], *extra], crs=old.crs
    )
    # Neighbours in one gemeente become one.
    pairs = found.sindex.query(found.geometry[:: len(found) // 720], predicate="touches")
    first = np.arange(len(found))[:: len(found) // 720][pairs[0]]
    alike = found.index.str[:6].to_numpy()
    joined = {b: a for a, b in zip(first, pairs[1], strict=True) if alike[a] == alike[b]}
    codes = found.index.to_numpy().astype(object)
    for other, one in joined.items():
        codes[other] = codes[one]
    return found.set_axis(codes).dissolve(level=0)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 14_400)
