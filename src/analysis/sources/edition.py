"""Which set of published figures a run is about: CBS's own, or the fictional example."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

EXAMPLE_STAMP = "Fictieve voorbeeldgegevens"


@dataclass(frozen=True)
class Edition:
    """Where the figures of a run come from and where their snapshots lie.

    Attributes
    ----------
    catalogue, codebook : Path
        The tables that exist and the concepts that are sought in them.
    raw : Path
        Folder of the snapshots.
    address : str or None
        Where StatLine is asked: an address, a folder of recorded answers, or None for the
        address that the catalogue gives.
    stamp : str
        What every page and figure says of these figures; empty for real ones.
    """

    catalogue: Path
    codebook: Path
    raw: Path
    address: str | None
    stamp: str = ""

    @property
    def is_example(self) -> bool:
        """Whether the figures are made up."""
        return bool(self.stamp)


def project_root() -> Path:
    """Return the folder of the checkout, which holds data/, notebooks/ and reports/."""
    return Path(__file__).resolve().parents[3]


def cbs_edition(root: Path, raw: Path | None = None, address: str | None = None) -> Edition:
    """Return the edition of real figures; `address` replaces the catalogue's own."""
    data = root / "data"
    return Edition(
        catalogue=data / "catalogue.csv",
        codebook=data / "codebook.csv",
        raw=raw or data / "raw",
        address=address,
    )


def example_edition(root: Path, raw: Path | None = None) -> Edition:
    """Return the edition of the fictional New Town; it asks no network."""
    example = root / "data" / "example"
    # Another version of the example is another folder: its snapshots never go stale.
    digest = hashlib.sha256()
    files = [*example.rglob("*json"), *example.glob("*.zip"), *example.glob("*.csv")]
    for file in sorted(files):
        digest.update(file.name.encode() + file.read_bytes())
    return Edition(
        catalogue=example / "catalogue.csv",
        codebook=root / "data" / "codebook.csv",
        raw=(raw or root / "data" / "raw") / "example" / digest.hexdigest()[:10],
        address=str(example / "statline"),
        stamp=EXAMPLE_STAMP,
    )
