"""A folder of metadata files on disk: XML and JSON records, and DAS files with the DDS of the same name beside them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISREG
from urllib.parse import unquote, urlsplit

from crosswalks.detect import format_of
from harvester.http import HttpClient
from harvester.source import Failure, Item, SourceConfig, SourceOptions
from mappings.errors import EndpointError, UnreadableRecord
from mappings.record import RawRecord

SUFFIXES = frozenset({".xml", ".json", ".das"})
MAX_BYTES = 32 * 1024 * 1024


class FolderOptions(SourceOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a folder source takes: nothing of its own. Those about requests have no effect."""


class FolderSource:
    """Yields a record per file, by its path within the folder. What format it is in, its content tells."""

    Options = FolderOptions

    def __init__(self, config: SourceConfig, options: FolderOptions, client: HttpClient) -> None:  # noqa: ARG002
        self._folder = folder_path(config.url)

    def records(self) -> Iterator[Item]:
        """Every metadata file of the folder and of those within, in the order of their names."""
        try:
            root = self._folder.resolve(strict=True)
        except OSError as error:
            raise EndpointError(
                f"{self._folder} cannot be opened ({error.strerror}): check the path; it is one of the "
                f"machine that harvests."
            ) from error
        if not root.is_dir():
            raise EndpointError(f"{self._folder} is a file: give the folder that it is in.")
        for path in _files(root):
            yield _record(root, path)


def folder_path(url: str) -> Path:
    """The folder of a ``file://`` URL of this machine, or of a path. Raises ``EndpointError``."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        return Path(url).expanduser()
    if parts.netloc not in ("", "localhost"):
        raise EndpointError(
            f"{url} is on the machine {parts.netloc}; a folder source reads this machine's files."
        )
    return Path(unquote(parts.path))


def _files(root: Path) -> Iterator[Path]:
    """Metadata files below ``root``. Linked folders are not entered: they may lead out, or round in circles.

    Raises ``EndpointError`` for a folder that may not be read, since its records would look deleted.
    """

    def stop(error: OSError) -> None:
        raise EndpointError(
            f"{error.filename} cannot be read ({error.strerror}): check its permissions."
        ) from error

    for folder, folders, names in os.walk(root, onerror=stop, followlinks=False):
        folders.sort()
        for name in sorted(names):
            if Path(name).suffix.lower() in SUFFIXES:
                yield Path(folder) / name


def _record(root: Path, path: Path) -> RawRecord | Failure:
    """One file as a record, or why it is none."""
    native_id = path.relative_to(root).as_posix()
    content = b""
    try:
        content = _read(root, path)
        found = format_of(content, native_id)
        dds = path.with_suffix(".dds") if found == "opendap" else None
        attachments = (("dds", _read(root, dds)),) if dds is not None and dds.is_file() else ()
    except UnreadableRecord as error:
        return Failure(native_id, error.reason, content=content, place=error.place)
    except OSError as error:
        return Failure(native_id, f"{native_id} cannot be read: {error.strerror}.")
    return RawRecord(native_id, found, content, attachments=attachments)


def _read(root: Path, path: Path) -> bytes:
    """The bytes of a file. Raises ``UnreadableRecord`` for one that is too large or not within the folder."""
    real = path.resolve(strict=True)
    name = path.relative_to(root).as_posix()
    if not real.is_relative_to(root):
        raise UnreadableRecord(f"{name} is a link to a file outside the folder, which is not followed.")
    about = real.stat()
    if not S_ISREG(about.st_mode):
        raise UnreadableRecord(f"{name} is not a regular file.")
    if about.st_size > MAX_BYTES:
        raise UnreadableRecord(f"{name} has {about.st_size:,} bytes; at most {MAX_BYTES:,} are read.")
    return real.read_bytes()
