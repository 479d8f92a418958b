"""The peers' virtual environments: made when first needed, from hashed requirements, in ``.venv-peers/``."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import PROJECT, unavailable

_REQUIREMENTS = Path(__file__).parent
ENVIRONMENTS = Path(os.environ.get("HALOCLINE_PEERS", PROJECT / ".venv-peers"))
_INSTALL_SECONDS = 280


def environment(name: str) -> Path:
    """The ``bin`` folder of the environment pinned by ``tests/peers/<name>.txt``, made now if there is none.

    A changed requirement file makes a new environment. Skips (or fails, see ``unavailable``) with the last
    line that pip said where its packages cannot be had.
    """
    requirements = _REQUIREMENTS / f"{name}.txt"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]
    folder = ENVIRONMENTS / f"{name}-{sys.version_info.major}.{sys.version_info.minor}-{digest}"
    if not (folder / ".ready").is_file():
        _make(folder, requirements)
    return folder / "bin"


def _make(folder: Path, requirements: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    try:
        _run([sys.executable, "-m", "venv", str(folder)])
        _run([str(folder / "bin" / "python"), *install, "-r", str(requirements)])
    except (subprocess.SubprocessError, OSError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
        unavailable(f"the packages of {requirements.name} cannot be installed: {said[-1] if said else error}")
    (folder / ".ready").touch()


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=_INSTALL_SECONDS)
