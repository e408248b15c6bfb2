"""Reads the numbers in a file that torch saved, without torch: a zip archive of raw tensors and a pickled index.

The index is unpickled with three names known and no other, so that a file can do nothing but name tensors.
"""

from __future__ import annotations

import io
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError

Floats = NDArray[np.float32]
MOST_BYTES = 1 << 30


def read_tensors(path: Path, inside: str = "") -> dict[str, Floats]:
    """Return the tensors of single precision in a file, by name.

    Args:
        path: the file, or an archive that holds it.
        inside: the name of the file in the archive.

    Raises:
        InputError: when the file cannot be read, or holds anything but such tensors.
    """
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            if not inside:
                return _tensors(archive)
            with zipfile.ZipFile(io.BytesIO(_bytes(archive, inside))) as inner:
                return _tensors(inner)
    except (OSError, EOFError, KeyError, ValueError, TypeError, zipfile.BadZipFile, pickle.UnpicklingError) as error:
        raise InputError(f"{path} holds no tensors that can be read: {error}") from None


def _tensors(archive: zipfile.ZipFile) -> dict[str, Floats]:
    (index,) = (name for name in archive.namelist() if name.count("/") == 1 and name.endswith("/data.pkl"))
    folder = index.removesuffix("data.pkl")
    if f"{folder}byteorder" in archive.namelist() and archive.read(f"{folder}byteorder") != b"little":
        raise ValueError("its numbers are not little-endian")
    found = _Index(io.BytesIO(_bytes(archive, index)), archive, folder).load()
    if not isinstance(found, OrderedDict) or not all(isinstance(one, np.ndarray) for one in found.values()):
        raise ValueError("its index is no table of tensors")
    return dict(found)


def _bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > MOST_BYTES:
        raise ValueError(f"{name} is too large")
    return archive.read(name)


class _Index(pickle.Unpickler):
    """Unpickles an index; numbers are read from the archive as they are named."""

    def __init__(self, file: IO[bytes], archive: zipfile.ZipFile, folder: str) -> None:
        super().__init__(file)
        self._archive, self._folder = archive, folder

    def find_class(self, module: str, name: str) -> Any:
        """Return what a name stands for, or refuse it."""
        try:
            return _KNOWN[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"it names {module}.{name}") from None

    def persistent_load(self, pid: Any) -> Floats:
        """Return a block of numbers."""
        kind, number, key, _, count = pid
        if kind != "storage" or number is not np.float32:
            raise pickle.UnpicklingError("it holds numbers of another precision")
        block = np.frombuffer(_bytes(self._archive, f"{self._folder}data/{key}"), dtype="<f4")
        if len(block) != count:
            raise ValueError(f"block {key} is cut short")
        return block


def _tensor(block: Floats, offset: int, shape: tuple[int, ...], stride: tuple[int, ...], *_: Any) -> Floats:
    size = int(np.prod(shape))
    expected = tuple(int(np.prod(shape[k + 1 :])) for k in range(len(shape)))
    if tuple(stride) != expected or offset < 0 or offset + size > len(block):
        raise ValueError("a tensor does not lie in one piece")
    return block[offset : offset + size].reshape(shape)


_KNOWN = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch", "FloatStorage"): np.float32,
    ("torch._utils", "_rebuild_tensor_v2"): _tensor,
}
