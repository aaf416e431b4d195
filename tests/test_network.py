"""The walking network: vertices joined, pieces told, points snapped, bad files refused."""

import json
import zipfile

import geopandas as gpd
import numpy as np
import pytest
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import LineString, MultiLineString, Point, box

from analysis.sources import network
from analysis.sources.errors import InputError
from analysis.sources.geofile import RD

X, Y = 155_000, 463_000


def lines(*coordinates, crs=RD) -> gpd.GeoSeries:
    shapes = [LineString([(X + x, Y + y) for x, y in one]) for one in coordinates]
    return gpd.GeoSeries(shapes, crs=crs)


# A street of 200 m with a side street that meets it in a vertex halfway, and a path apart.
TOWN = ([(0, 0), (100, 0), (200, 0)], [(100, 0), (100, 30)], [(0, 500), (40, 530)])


def distance(net, one, other) -> float:
    (a, b), _ = network.nearest_nodes(net, np.array([one, other]) + (X, Y))
    return float(dijkstra(net.matrix(), indices=a)[b])


def test_a_side_street_joins_at_a_vertex_and_not_only_at_the_ends():
    net = network.from_lines(lines(*TOWN), "dorp")
    assert len(net.nodes) == 6 and len(net.length) == 4
    assert sorted(net.length) == pytest.approx([30, 50, 100, 100])  # 40 and 30: 50
    assert net.pieces == 2 and net.largest_share == pytest.approx(4 / 6)
    assert distance(net, (200, 0), (100, 30)) == pytest.approx(130)
    assert distance(net, (100, 30), (0, 0)) == pytest.approx(130)  # both ways
    assert not (net.matrix() != net.matrix().T).nnz


def test_the_largest_piece_has_number_0_wherever_it_lies():
    small_first = [[(x - 500, y - 900) for x, y in TOWN[2]], *TOWN[:2]]
    net = network.from_lines(lines(*small_first), "dorp")
    assert net.piece.tolist() == [1, 1, 0, 0, 0, 0]  # nodes stand from west to east
    assert net.largest_share == pytest.approx(4 / 6)


def test_lines_that_cross_without_a_vertex_do_not_join():
    net = network.from_lines(lines([(0, 0), (100, 0)], [(50, -50), (50, 50)]), "viaduct")
    assert net.pieces == 2


def test_coordinates_are_equal_to_the_millimetre():
    net = network.from_lines(lines([(0, 0), (10, 0)], [(10.0004, 0), (20, 0)]), "bijna")
    assert net.pieces == 1
    apart = network.from_lines(lines([(0, 0), (10, 0)], [(10.002, 0), (20, 0)]), "niet")
    assert apart.pieces == 2


def test_what_is_drawn_twice_back_or_without_length_counts_once_or_not():
    once = network.from_lines(lines([(0, 0), (10, 0)]), "a")
    more = network.from_lines(
        lines([(0, 0), (10, 0)], [(10, 0), (0, 0)], [(0, 0), (0, 0), (10, 0)], [(7, 7), (7, 7)]),
        "a",
    )
    assert np.array_equal(once.nodes, more.nodes) and np.array_equal(once.length, more.length)
    assert more.pieces == 1 and (more.start < more.end).all()


def test_the_order_and_parts_of_lines_do_not_matter():
    net = network.from_lines(lines(*TOWN), "a")
    other = network.from_lines(lines(*reversed(TOWN)), "a")
    parts = gpd.GeoSeries([MultiLineString(list(lines(*TOWN)))], crs=RD)
    for same in (other, network.from_lines(parts, "a")):
        for field in ("nodes", "start", "end", "length", "piece"):
            assert np.array_equal(getattr(net, field), getattr(same, field))


def test_height_is_left_out():
    flat = lines([(0, 0), (3, 4)])
    high = gpd.GeoSeries([LineString([(X, Y, 0), (X + 3, Y + 4, 100)])], crs=RD)
    assert network.from_lines(high, "a").length.tolist() == pytest.approx([5.0])
    assert network.from_lines(flat, "a").length.tolist() == pytest.approx([5.0])


def test_the_nearest_node_is_one_of_the_largest_piece():
    net = network.from_lines(lines(*TOWN), "dorp")
    node, metres = network.nearest_nodes(net, np.array([[X + 103.0, Y + 34.0], [X, Y + 500.0]]))
    assert net.nodes[node].tolist() == [[X + 100, Y + 30], [X + 100, Y + 30]]
    # 3 and 4: 5; from the loose path the way over the ground, 100 and 470.
    assert metres == pytest.approx([5.0, np.hypot(100, 470)])
    assert network.nearest_nodes(net, np.empty((0, 2)))[0].size == 0


@pytest.mark.parametrize("xy", [[1.0, 2.0], [[1.0, 2.0, 3.0]], [[np.nan, 2.0]]])
def test_points_of_another_shape_are_refused(xy):
    with pytest.raises(ValueError, match="xy must be finite"):
        network.nearest_nodes(network.from_lines(lines(*TOWN), "dorp"), np.array(xy))


@pytest.mark.parametrize(
    ("series", "says"),
    [
        (lines(*TOWN, crs="EPSG:4326"), "dorp moeten in EPSG:28992"),
        (lines(*TOWN, crs=None), "dorp moeten in EPSG:28992"),
        (lines([(0, 0), (0, 0)]), "dorp heeft geen lijn met een lengte"),
        (lines([(0, 0), (np.inf, 0)]), "dorp heeft punten die buiten het bereik"),
        (gpd.GeoSeries([], crs=RD), "dorp heeft geen lijn met een lengte"),
    ],
)
def test_lines_that_are_no_network_are_refused(series, says):
    with pytest.raises(InputError, match=says):
        network.from_lines(series, "dorp")


# Files


def written(tmp_path, name, series=None, **to_file):
    file = tmp_path / name
    (lines(*TOWN) if series is None else series).to_frame("geometry").to_file(file, **to_file)
    return file


@pytest.mark.parametrize("name", ["straten.gpkg", "straten.shp", "straten.geojson"])
def test_a_file_is_kept_and_read_back(tmp_path, name):
    crs = "EPSG:4326" if name.endswith("json") else RD
    file = written(tmp_path, name, lines(*TOWN).to_crs(crs))
    kept = network.store(tmp_path / "raw", file)
    assert kept.rows == 4 and kept.notes == {"nodes": "6", "pieces": "2"}
    net = network.read(tmp_path / "raw")
    assert net.label == name.replace(".shp", ".zip") and net.pieces == 2
    assert sorted(net.length) == pytest.approx([30, 50, 100, 100], abs=2e-3)
    assert network.store(tmp_path / "raw", file).folder == kept.folder


def test_without_a_network_there_is_none(tmp_path):
    assert network.read(tmp_path) is None


def test_the_layer_of_lines_is_taken_and_other_shapes_are_counted(tmp_path):
    file = written(tmp_path, "graaf.gpkg", layer="edges")
    written(tmp_path, "graaf.gpkg", gpd.GeoSeries([Point(X, Y)], crs=RD), layer="nodes")
    assert network.read_lines(file).left_out == 0
    square = gpd.GeoSeries([*lines(*TOWN), box(X, Y, X + 9, Y + 9)], crs=RD)
    found = network.read_lines(written(tmp_path, "plein.geojson", square.to_crs("EPSG:4326")))
    assert found.left_out == 1 and len(found.length) == 4


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize(
    ("name", "series", "says"),
    [
        ("a.gpkg", gpd.GeoSeries([Point(X, Y)], crs=RD), "heeft geen lijnen, maar Point"),
        ("a.shp", lines(*TOWN, crs=None), "niet in welk coördinatenstelsel"),
        ("a.gpkg", lines(*TOWN).translate(2e6), "buiten Nederland"),
    ],
)
def test_a_file_that_cannot_serve_is_refused(tmp_path, name, series, says):
    file = written(tmp_path, name, series)
    with pytest.raises(InputError, match=says) as error:
        network.store(tmp_path / "raw", file)
    assert name in str(error.value) and "\n" not in str(error.value)
    assert not (tmp_path / "raw").exists()


def test_two_layers_of_lines_no_file_and_half_a_shapefile_are_refused(tmp_path):
    file = written(tmp_path, "a.gpkg", layer="straten")
    written(tmp_path, "a.gpkg", layer="vaarten")
    with pytest.raises(InputError, match="meer dan één laag met lijnen .straten, vaarten."):
        network.read_lines(file)
    with pytest.raises(InputError, match="weg.gpkg bestaat niet"):
        network.read_lines(tmp_path / "weg.gpkg")
    alone = tmp_path / "alleen.shp"
    alone.write_bytes(written(tmp_path, "b.shp").read_bytes())
    with pytest.raises(InputError, match="alleen.shp"):
        network.read_lines(alone)


# Answers of Overpass


def overpass(tmp_path, ways, remark=None, content=None):
    degrees = gpd.GeoSeries([Point(X, Y), Point(X + 100, Y)], crs=RD).to_crs("EPSG:4326")
    elements = [
        {"type": "node", "id": number, "lon": p.x, "lat": p.y} for number, p in enumerate(degrees)
    ]
    elements += [{"type": "way", "id": 9, **way} for way in ways]
    file = tmp_path / "overpass.json"
    body = {"version": 0.6, "elements": elements} | ({"remark": remark} if remark else {})
    file.write_text(content or json.dumps(body), encoding="utf-8")
    return file


def test_an_answer_of_overpass_gives_what_can_be_walked(tmp_path):
    def way(**tags):
        return {"nodes": [0, 1], "tags": tags}

    walked = [
        way(highway="residential"),
        way(highway="cycleway"),
        way(highway="footway", access="private", foot="yes"),
    ]
    not_walked = [
        way(highway="motorway"),
        way(highway="cycleway", foot="no"),
        way(highway="service", access="private"),
        way(highway="pedestrian", area="yes"),
        way(leisure="park"),
        way(),
    ]
    for one in walked:
        net = network.read_lines(overpass(tmp_path, [one, *not_walked]))
        assert net.length.tolist() == pytest.approx([100.0], abs=2e-3) and net.left_out == 6
    with pytest.raises(InputError, match="zonder wegen om op te lopen"):
        network.read_lines(overpass(tmp_path, not_walked))


def test_points_may_stand_with_the_way(tmp_path):
    places = gpd.GeoSeries([Point(X, Y), Point(X, Y + 50)], crs=RD).to_crs("EPSG:4326")
    geometry = [{"lon": p.x, "lat": p.y} for p in places]
    way = {"tags": {"highway": "path"}, "geometry": geometry}
    file = overpass(tmp_path, [way])
    assert network.read_lines(file).length.tolist() == pytest.approx([50.0], abs=2e-3)
    kept = network.store(tmp_path / "raw", file)
    assert kept.path("overpass.json").read_bytes() == file.read_bytes()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"ways": [{"tags": {"highway": "path"}, "nodes": [0, 7]}]}, "zonder de punten"),
        ({"ways": [{"tags": {"highway": "path"}}]}, "zonder de punten"),
        ({"ways": [], "remark": "runtime error: Query timed out"}, "half antwoord van Overpass"),
        ({"ways": [], "content": '{"elements": [{"type": "way"'}, "half of beschadigd"),
        ({"ways": [], "content": '{"elements": [null]}'}, "zonder de punten"),
    ],
)
def test_an_answer_that_is_not_whole_is_refused(tmp_path, asked, says):
    with pytest.raises(InputError, match=says) as error:
        network.read_lines(overpass(tmp_path, **asked))
    assert "overpass.json" in str(error.value) and "\n" not in str(error.value)


# The real streets of Delft


def test_the_real_streets_of_delft(shared, tmp_path):
    file = shared / "data" / "network" / "delft-streets.shp"
    kept = network.store(tmp_path, file)
    with zipfile.ZipFile(kept.path("delft-streets.zip")) as archive:
        assert sorted(archive.namelist()) == [
            "delft-streets.prj", "delft-streets.shp", "delft-streets.shx",
        ]  # fmt: skip
    net = network.read(tmp_path)
    assert (len(net.nodes), len(net.length)) == (32_956, 38_665)
    assert net.largest_share == pytest.approx(0.994, abs=5e-4)
    # Joining the ends of lines only would leave 3,490 pieces.
    assert net.pieces == 46
    drawn = gpd.read_file(file)
    assert len(drawn) == 11_244
    assert net.length.sum() == pytest.approx(drawn.length.sum(), rel=1e-6)
    leisure = gpd.read_file(file.with_name("delft-leisure.shp")).geometry
    _, metres = network.nearest_nodes(net, np.column_stack([leisure.x, leisure.y]))
    assert len(metres) == 298 and np.median(metres) < 50
    edges = network.edges_as_lines(net)
    assert edges.crs == RD and edges.length.to_numpy() == pytest.approx(net.length)


@pytest.mark.parametrize("name", ["delft-leisure.shp", "delft-boundary.shp"])
def test_real_files_of_other_things_are_refused(shared, name):
    with pytest.raises(InputError, match="heeft geen lijnen, maar Po"):
        network.read_lines(shared / "data" / "network" / name)
