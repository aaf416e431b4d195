"""Where an element of Overpass lies: its outline if the answer has it, else a point, in degrees.

A way has its place as `geometry`, through `nodes` that stand in the same answer, or as `center`; a
relation also through its members. Where only `bounds` are given their middle is taken, which is
what the service itself gives as `center`.
"""

import shapely


def shape_of(one: dict, known: dict[tuple[str, int], dict]) -> shapely.Geometry | None:
    """Return the outline of an object where it is known, else a point, else None."""
    try:
        if one["type"] == "node":
            return _point(one)
        ground = _ground(one, known)
        if ground is not None:
            return ground
        if "center" in one:
            return _point(one["center"])
        if "bounds" in one:
            least, most = ({axis: one["bounds"][f"{end}{axis}"] for axis in ("lat", "lon")}
                           for end in ("min", "max"))  # fmt: skip
            return shapely.LineString([_point(least), _point(most)]).centroid
        line = _line(one, known)
        return None if line is None else line.interpolate(0.5, normalized=True)
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError):
        return None


def _ground(one: dict, known: dict) -> shapely.Geometry | None:
    if one["type"] == "way":
        line = _line(one, known)
        if line is None or not line.is_closed or len(line.coords) < 4:
            return None
        ground = shapely.Polygon(line)
    else:
        rings: dict[bool, list] = {True: [], False: []}
        for member in one.get("members", ()):
            if member.get("type") == "way":
                line = _line(member | {"id": member["ref"]}, known)
                if line is None:
                    return None
                rings[member.get("role") == "inner"].append(line)
        outer, inner = (
            shapely.union_all(shapely.get_parts(shapely.polygonize(rings[role])))
            for role in (False, True)
        )
        ground = outer.difference(inner)
    ground = ground if ground.is_valid else shapely.make_valid(ground)
    is_area = ground.geom_type in ("Polygon", "MultiPolygon") and not ground.is_empty
    return ground if is_area else None


def _line(way: dict, known: dict) -> shapely.LineString | None:
    """Return the line of a way, or None when not every one of its points is there."""
    places = way.get("geometry")
    if places is None:
        whole = known.get(("way", way["id"]), way)
        places = whole.get("geometry") or [known.get(("node", n)) for n in whole.get("nodes", ())]
    if len(places) < 2 or any(place is None for place in places):
        return None
    return shapely.LineString([_point(place) for place in places])


def _point(place: dict) -> shapely.Point:
    lon, lat = float(place["lon"]), float(place["lat"])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(f"no place on earth: {lon}, {lat}")
    return shapely.Point(lon, lat)
