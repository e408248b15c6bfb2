"""Writing so that a crash leaves either the old file or the new one, never half of one."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from evocoop.core.errors import RunError


def slug(name: str, longest: int = 60) -> str:
    """Return a name as a safe piece of a path: lower-case letters, digits and hyphens.

    >>> slug("Commitment takeover: ε = 0.05 / ../x")
    'commitment-takeover-0-05-x'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")[:longest].strip("-")
    return words or f"experiment-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def write_aside(path: Path, content: bytes) -> None:
    """Write a file under another name, force it to disk, and move it into place."""
    aside = path.with_name(f".{path.name}.aside")
    try:
        write_synced(aside, content)
        os.replace(aside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def write_synced(path: Path, content: bytes) -> None:
    """Write a file and force it to disk."""
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_directory_aside(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a directory of files under another name, force all to disk, and move it into place whole."""
    aside = path.with_name(f".{path.name}.aside")
    remove(aside)
    try:
        aside.mkdir(parents=True)
        for name, content in files.items():
            write_synced(aside / name, content)
        sync_directory(aside)
        os.rename(aside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            remove(aside)
        raise
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Force a directory's entries to disk, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(path: Path) -> None:
    """Remove a directory and all that is in it, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, or an empty text when it cannot be read."""
    digest = hashlib.sha256()
    try:
        with open(path, "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file; the system lets go of it when the process ends, however it ends.

    Raises:
        RunError: when another process holds it.
    """
    with open(path, "a+b") as file:
        if not _try_lock(file.fileno()):
            raise RunError(f"{path.parent} is in use by another evocoop; wait for it or stop it first")
        yield


def _try_lock(handle: int) -> bool:
    try:
        import fcntl
    except ImportError:  # not a POSIX system
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
