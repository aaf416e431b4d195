"""Iterative proportional fitting: the odds of one table at the margins of another."""

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

# Where only what stands in for empty cells can meet a margin, each iteration wins hardly anything:
# after this many the factors are found as the lowest point of a convex function.
_PATIENCE = 1_000
# From near that point every step of Newton doubles the number of correct digits.
_STEPS = 20


def fitted(
    table: np.ndarray, rows: np.ndarray, columns: np.ndarray, tolerance: float = 1e-10
) -> tuple[np.ndarray, int]:
    """Scale rows and columns in turn until both margins are met.

    The factors b of the columns (in logs) are also where sum_i r_i log sum_j t_ij exp(b_j) -
    sum_j c_j b_j is lowest; there they are looked for when turns do not get there.

    Parameters
    ----------
    table : ndarray of shape (n, k)
        Positive numbers.
    rows, columns : ndarray of shape (n,) and (k,)
        The margins to meet, positive, with one and the same sum.
    tolerance : float, optional
        The largest difference, relative to the margin, that is left anywhere.

    Returns
    -------
    ndarray of shape (n, k), int
        The table at these margins, with the odds ratios of `table`; and the iterations, of turns
        and of the search together.

    Raises
    ------
    ValueError
        When a number is not positive, the margins have another sum, or neither way gets there.

    References
    ----------
    Deming, W.E. & Stephan, F.F. (1940). On a least squares adjustment of a sampled frequency
    table. Annals of Mathematical Statistics 11(4), 427-444.
    """
    if not ((table > 0).all() and (rows > 0).all() and (columns > 0).all()):
        raise ValueError("fitting needs positive numbers in the table and on its margins")
    if abs(rows.sum() - columns.sum()) > 1e-9 * rows.sum():
        raise ValueError("the margins of rows and of columns have another sum")
    columns = columns * (rows.sum() / columns.sum())
    of_row = rows / table.sum(axis=1)
    of_column = np.ones_like(columns, dtype=float)
    for iteration in range(1, _PATIENCE + 1):
        of_column = columns / (of_row @ table)
        inside = table @ of_column
        # The columns are met; what is left shows on the rows.
        left = np.abs(of_row * inside / rows - 1).max()
        of_row = rows / inside
        if left <= tolerance:
            met = of_row[:, None] * table * of_column
            if np.abs(met.sum(axis=0) / columns - 1).max() <= tolerance:
                return met, iteration
    return _searched(table, rows, columns, tolerance, np.log(of_column))


def _searched(
    table: np.ndarray, rows: np.ndarray, columns: np.ndarray, tolerance: float, begin: np.ndarray
) -> tuple[np.ndarray, int]:
    """Return what `fitted` returns, by the factors of the columns alone; the first stays as is."""
    logs, r, c = np.log(table), rows / rows.sum(), columns / columns.sum()

    def shares(factors: np.ndarray) -> np.ndarray:
        return softmax(logs + np.append(0.0, factors), axis=1)

    def height(factors: np.ndarray) -> float:
        b = np.append(0.0, factors)
        return float(r @ logsumexp(logs + b, axis=1) - c @ b)

    def slope(factors: np.ndarray) -> np.ndarray:
        return (r @ shares(factors) - c)[1:]

    def curvature(factors: np.ndarray) -> np.ndarray:
        p = shares(factors)
        return (np.diag(r @ p) - (p * r[:, None]).T @ p)[1:, 1:]

    found = minimize(
        height, (begin - begin[0])[1:], jac=slope, hess=curvature, method="trust-exact",
        options={"gtol": 1e-9, "max_trust_radius": 50.0},
    )  # fmt: skip
    factors, steps = found.x, 0
    while np.abs((r @ shares(factors)) / c - 1).max() > tolerance and steps < _STEPS:
        factors = factors - np.linalg.lstsq(curvature(factors), slope(factors), rcond=None)[0]
        steps += 1
    met = shares(factors) * rows[:, None]
    if not np.abs(met.sum(axis=0) / columns - 1).max() <= tolerance:
        raise ValueError(f"the margins are not met to {tolerance} in {_PATIENCE} iterations")
    return met, _PATIENCE + int(found.nit) + steps
