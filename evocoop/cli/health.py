"""What the doctor looks at."""

from __future__ import annotations

import os
import shutil
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

_NEEDED = (
    "axelrod", "numpy", "scipy", "numba", "polars", "altair", "vl-convert-python", "pydantic", "typer", "rich",
)  # fmt: skip
_EXTRAS = {"distributed": "needed for --cluster: pip install 'evocoop[cluster]'"}


def findings() -> dict[str, Any]:
    """Return versions, sizes and what is missing, as plain data."""
    import evocoop

    packages = {name: _version(name) for name in (*_NEEDED, *_EXTRAS)}
    notes = [f"{name} is missing: evocoop will not work without it" for name in _NEEDED if not packages[name]]
    notes += [f"{name} is missing: {why}" for name, why in _EXTRAS.items() if not packages[name]]
    home = Path(evocoop.__file__).parent
    cache, count = _cache(home)
    notes.append(f"kernel cache: {count} compiled kernels, {cache / 1e6:.1f} MB")
    if not _writable(home) and "NUMBA_CACHE_DIR" not in os.environ:
        notes.append(f"{home} cannot be written: kernels are cached in your home directory, or set NUMBA_CACHE_DIR")
    free = shutil.disk_usage(Path.cwd()).free
    notes.append(f"free disk space here: {free / 1e9:.1f} GB")
    if packages["axelrod"].startswith("4.14"):
        notes.append("axelrod 4.14 pulls torch (about 5 GB); evocoop asks for 4.13.1")
    return {
        "evocoop": evocoop.__version__,
        "python": sys.version.split()[0],
        "packages": {name: version or "missing" for name, version in packages.items()},
        "processors": os.cpu_count(),
        "kernel_cache_bytes": cache,
        "free_bytes": free,
        "notes": notes,
        "well": all(packages[name] for name in _NEEDED),
    }


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _cache(home: Path) -> tuple[int, int]:
    places = [home]
    if "NUMBA_CACHE_DIR" in os.environ:
        places = [Path(os.environ["NUMBA_CACHE_DIR"])]
    found = [file for place in places for file in place.rglob("*.nbc")]
    return sum(file.stat().st_size for file in found), len(found)


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK)
