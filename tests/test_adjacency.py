"""Dissimilarity adjusted for neighbours, shared borders and shapes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from analysis.measures.adjacency import adjacency_dissimilarity, shape_dissimilarity
from analysis.measures.evenness import dissimilarity

no_deadline = settings(deadline=None, max_examples=30)
counts = st.integers(0, 900)
LINE = [[0, 1, 0], [1, 0, 1], [0, 1, 0]]


def slow(x, y, c, r=None):
    n = len(x)
    if not sum(x) or not sum(y):
        return np.nan
    d = sum(abs(a / sum(x) - b / sum(y)) for a, b in zip(x, y, strict=True)) / 2
    inhabited = [i for i in range(n) if x[i] + y[i]]
    pairs = [(i, j) for i in inhabited for j in inhabited if i != j]
    links = sum(c[i][j] for i, j in pairs)
    if not links:
        return np.nan
    met = 0.0
    for i, j in pairs:
        apart = abs(x[i] / (x[i] + y[i]) - x[j] / (x[j] + y[j]))
        met += c[i][j] * apart * (1 if r is None else (r[i] + r[j]) / (2 * max(r)))
    return d - met / links


def test_three_units_in_a_row():
    # D = 1; neighbours differ by 0 and by 1.
    assert adjacency_dissimilarity([10, 10, 0], [0, 0, 10], LINE) == 0.5
    # Borders of 3 and of 1: (3*0 + 1*1) / 4.
    border = np.array([[0, 3, 0], [3, 0, 1], [0, 1, 0]])
    assert adjacency_dissimilarity([10, 10, 0], [0, 0, 10], border) == 0.75
    # The pair that differs has 2 and 4 of at most 4: 1/4 * 6/8.
    found = shape_dissimilarity([10, 10, 0], [0, 0, 10], border, [1, 2, 4])
    assert found == pytest.approx(1 - 0.1875, abs=1e-15)


@no_deadline
@given(data=st.data(), n=st.integers(1, 8))
def test_every_area_gets_what_the_definition_gives_it_alone(data, n):
    row = st.lists(counts, min_size=n, max_size=n)
    x, y = data.draw(row), data.draw(row)
    r = data.draw(st.lists(st.integers(1, 9), min_size=n, max_size=n))
    weight = st.lists(st.integers(0, 4), min_size=n * n, max_size=n * n)
    c = np.reshape(data.draw(weight), (n, n))
    area = np.array(data.draw(st.lists(st.sampled_from("AB"), min_size=n, max_size=n)))
    near = adjacency_dissimilarity(x, y, csr_array(c), area)
    shaped = shape_dissimilarity(x, y, c, r, area)
    for name in sorted(set(area)):
        at = np.flatnonzero(area == name)
        alone = [np.asarray(column)[at].tolist() for column in (x, y)]
        alone.append(c[np.ix_(at, at)].tolist())
        ratios = np.asarray(r)[at].tolist()
        assert near[name] == pytest.approx(slow(*alone), abs=1e-12, nan_ok=True)
        assert shaped[name] == pytest.approx(slow(*alone, ratios), abs=1e-12, nan_ok=True)


def test_equal_shapes_are_wong_without_shapes_and_never_more_than_dissimilarity():
    x, y = [30, 5, 12], [10, 25, 9]
    plain = adjacency_dissimilarity(x, y, LINE)
    assert shape_dissimilarity(x, y, LINE, [2, 2, 2]) == pytest.approx(plain, abs=1e-15)
    assert plain < shape_dissimilarity(x, y, LINE, [1, 2, 2]) < dissimilarity(x, y)


def test_neighbours_alike_leave_dissimilarity():
    # Two blocks of two, each block linked within itself.
    blocks = [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]
    assert adjacency_dissimilarity([5, 5, 0, 0], [0, 0, 5, 5], blocks) == 1


def test_links_with_oneself_and_with_empty_units_are_passed_over():
    looped = np.array(LINE) + np.eye(3)
    assert adjacency_dissimilarity([10, 10, 0], [0, 0, 10], looped) == 0.5
    four = np.ones((4, 4))
    four[:3, :3] = LINE
    assert adjacency_dissimilarity([10, 10, 0, 0], [0, 0, 10, 0], four) == 0.5
    assert np.isnan(adjacency_dissimilarity([10, 0], [0, 0], [[0, 1], [1, 0]]))


def test_without_neighbours_it_is_undefined():
    assert np.isnan(adjacency_dissimilarity([1, 0], [0, 1], np.zeros((2, 2))))
    assert np.isnan(shape_dissimilarity([1, 0], [0, 1], np.zeros((2, 2)), [1, 1]))
    assert shape_dissimilarity([], [], np.empty((0, 0)), [], []).empty


def test_names_and_bad_input():
    near = adjacency_dissimilarity([1, 2], [2, 1], np.ones((2, 2)), ["b", "b"])
    assert near.name == "adjacency_dissimilarity" and list(near.index) == ["b"]
    shaped = shape_dissimilarity([1, 2], [2, 1], np.ones((2, 2)), [1, 1], ["b", "b"])
    assert shaped.name == "shape_dissimilarity"
    with pytest.raises(ValueError, match="perimeter_area_ratio is missing"):
        shape_dissimilarity([1, 2], [2, 1], np.ones((2, 2)), [1, np.nan])
    with pytest.raises(ValueError, match="for 2 units"):
        adjacency_dissimilarity([1, 2], [2, 1], LINE)
    with pytest.raises(TypeError, match="sparse matrix"):
        adjacency_dissimilarity([1, 2], [2, 1], pd.DataFrame(np.ones((2, 2))))


def test_units_of_one_inhabitant_count():
    # D = 1, and the two neighbours differ by 1: nothing is left.
    assert adjacency_dissimilarity([1, 0], [0, 1], [[0, 1], [1, 0]]) == 0
