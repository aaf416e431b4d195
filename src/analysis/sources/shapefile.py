"""Whether the parts of a shapefile belong together and are whole: it has no checksums.

The map library reads as far as it gets, and half a file then looks like a file. The header says
how long the file is, and the index (.shx) where each shape begins.
"""

from pathlib import Path

import numpy as np

from analysis.sources.errors import InputError

_HEADER = 100  # bytes
_CODE = 9994


def check_shapefile(file: Path) -> None:
    """Refuse a shapefile that was cut off, or of which shapes are not where its index says.

    Parameters
    ----------
    file : Path
        The .shp; its .shx lies beside it.

    Raises
    ------
    InputError
    """
    shapes, index = file.read_bytes(), _index(file).read_bytes()
    for content, part in ((shapes, file.suffix), (index, ".shx")):
        if len(content) < _HEADER or _number(content, 0) != _CODE:
            raise _damaged(file, f"het begin van het {part}-deel klopt niet")
        if len(content) < 2 * _number(content, 24):
            raise _damaged(file, f"het {part}-deel is niet heel")
    end = _HEADER + (2 * _number(index, 24) - _HEADER) // 8 * 8
    # Offset and length of each shape, both in words of two bytes.
    listed = 2 * np.frombuffer(index[_HEADER:end], dtype=">i4").reshape(-1, 2).astype(np.int64)
    begin, length = listed[:, 0], listed[:, 1]
    if (begin < _HEADER).any() or (length < 0).any() or (begin + 8 + length > len(shapes)).any():
        raise _damaged(file, "zijn index wijst buiten het bestand")
    there = np.frombuffer(shapes, dtype=np.uint8)
    heads = there[begin[:, None] + np.arange(8)].copy().view(">i4").reshape(-1, 2)
    if (heads[:, 0] != np.arange(1, len(heads) + 1)).any() or (2 * heads[:, 1] != length).any():
        raise _damaged(file, "de vormen staan niet waar zijn index zegt")


def _index(file: Path) -> Path:
    for suffix in (".shx", ".SHX"):
        if (found := file.with_suffix(suffix)).is_file():
            return found
    raise InputError(
        f"{file} mist zijn index; zet ook {file.stem}.shx en de andere delen (.dbf, .prj) ernaast."
    )


def _number(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 4], "big", signed=True)


def _damaged(file: Path, what: str) -> InputError:
    return InputError(f"{file} is beschadigd ({what}); haal alle delen ervan opnieuw op.")
