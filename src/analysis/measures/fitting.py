"""Iterative proportional fitting: the odds of one table at the margins of another."""

import numpy as np

_MOST = 100_000


def fitted(
    table: np.ndarray, rows: np.ndarray, columns: np.ndarray, tolerance: float = 1e-10
) -> tuple[np.ndarray, int]:
    """Scale rows and columns in turn until both margins are met.

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
        The table at these margins, with the odds ratios of `table`; and the iterations.

    Raises
    ------
    ValueError
        When a number is not positive, the margins have another sum, or 100,000 iterations do not
        get there.

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
    for iteration in range(1, _MOST + 1):
        of_column = columns / (of_row @ table)
        inside = table @ of_column
        # The columns are met; what is left shows on the rows.
        left = np.abs(of_row * inside / rows - 1).max()
        of_row = rows / inside
        if left <= tolerance:
            met = of_row[:, None] * table * of_column
            if np.abs(met.sum(axis=0) / columns - 1).max() <= tolerance:
                return met, iteration
    raise ValueError(f"the margins are not met to {tolerance} after {_MOST} iterations")
