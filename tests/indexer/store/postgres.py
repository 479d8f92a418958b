"""A PostgreSQL server of one's own, in a temporary folder and reachable through a socket file alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import unavailable

_DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
_OPTIONS = "-c listen_addresses= -c fsync=off -c shared_buffers=16MB"


@contextmanager
def postgres() -> Iterator[str]:
    """Gives the URL of an empty database. Skips where PostgreSQL is not installed."""
    initdb, pg_ctl = _command("initdb"), _command("pg_ctl")
    user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if user is not None:
            shutil.chown(folder, user)

        def run(*command: str) -> None:
            done = subprocess.run(
                command, user=user, cwd=folder, capture_output=True, text=True, check=False, timeout=120
            )
            assert done.returncode == 0, done.stderr

        run(
            initdb, "-D", f"{folder}/data", "-U", "halocline", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"
        )
        control = (pg_ctl, "-D", f"{folder}/data", "-w")
        # Its output goes to a file: a pipe would stay open as long as the server runs.
        run(*control, "-l", f"{folder}/log", "-o", f"{_OPTIONS} -k {folder}", "start")
        try:
            yield f"postgresql://halocline@/postgres?host={folder}"
        finally:
            run(*control, "-m", "immediate", "stop")


def _command(name: str) -> str:
    found = shutil.which(name) or next(
        (str(place / name) for place in _DEBIAN if (place / name).exists()), None
    )
    if found is None:
        unavailable(f"PostgreSQL's {name} is not installed (Debian: apt-get install postgresql)")
    return found
