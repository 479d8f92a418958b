"""Starting and stopping the peers' servers on loopback."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from tests.conftest import unavailable
from tests.peers.environments import environment

_HERE = Path(__file__).parent
_START_SECONDS = 180

_PYCSW_CONFIGURATION = """\
[server]
home={home}
url={url}
mimetype=application/xml; charset=UTF-8
encoding=UTF-8
language=en-US
maxrecords=10
loglevel=ERROR
logfile={home}/pycsw.log
profiles=apiso
[manager]
transactions=false
allowed_ips=127.0.0.1
[metadata:main]
identification_title=Peer catalogue
identification_abstract=Records of the corpus
identification_keywords=ocean
identification_keywords_type=theme
identification_fees=None
identification_accessconstraints=None
provider_name=Canglan Ocean Data Centre
provider_url={url}
contact_name=Metadata manager
contact_position=Metadata manager
contact_address=none
contact_city=none
contact_stateorprovince=none
contact_postalcode=none
contact_country=none
contact_phone=none
contact_fax=none
contact_email=metadata-canglan@example.org
contact_url={url}
contact_hours=none
contact_instructions=none
contact_role=pointOfContact
[repository]
database=sqlite:///{home}/records.db
mappings=
table=records
[metadata:inspire]
enabled=false
"""


@contextmanager
def pycsw(records: Path, home: Path) -> Iterator[str]:
    """pycsw serving the XML files below ``records``; yields its URL. ``home`` holds its database."""
    binaries = environment("pycsw")
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    configuration = home / "pycsw.cfg"
    text = _PYCSW_CONFIGURATION.format(home=home, url=url).replace("mappings=\n", "")
    configuration.write_text(text, encoding="utf-8")
    admin = [str(binaries / "python"), str(binaries / "pycsw-admin.py"), "-f", str(configuration)]
    _administer([*admin, "-c", "setup_db"])
    _administer([*admin, "-c", "load_records", "-p", str(records), "-r", "-y"])
    serve = [str(binaries / "waitress-serve"), f"--listen=127.0.0.1:{port}", "pycsw.wsgi:application"]
    with serving(
        serve, f"{url}?service=CSW&request=GetCapabilities", home, {"PYCSW_CONFIG": str(configuration)}
    ):
        yield url


@contextmanager
def pydap(folder: Path) -> Iterator[str]:
    """pydap serving the NetCDF files that ``pydap_peer.py`` makes in ``folder``; yields its catalog's URL."""
    binaries = environment("pydap")
    port = free_port()
    url = f"http://127.0.0.1:{port}/catalog.xml"
    with serving(
        [str(binaries / "python"), str(_HERE / "pydap_peer.py"), str(folder), str(port)], url, folder, {}
    ):
        yield url


def _administer(command: list[str]) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=240)
    if done.returncode:
        unavailable(f"{' '.join(command[1:])} failed: {done.stderr.strip()[-300:]}")


@contextmanager
def serving(
    command: list[str],
    url: str,
    folder: Path,
    settings: dict[str, str],
    user: str | None = None,
    authority: Path | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server (as ``user``) until it answers, then end it. What it says goes to a file beside its data.
    ``authority`` has signed its certificate.
    """
    said = folder.with_name(folder.name + ".log")
    with said.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, env={**os.environ, **settings}, user=user
        )
    try:
        _wait(process, url, said, authority)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(process: subprocess.Popen[bytes], url: str, said: Path, authority: Path | None) -> None:
    trusting = None if authority is None else ssl.create_default_context(cafile=authority)
    reason: object = None
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urlopen(url, timeout=5, context=trusting).close()
            return
        except HTTPError as error:
            error.close()
            if error.code == HTTPStatus.UNAUTHORIZED:  # it is there, and wants a password
                return
        except (URLError, ConnectionError, TimeoutError) as error:
            reason = error
        time.sleep(0.2)
    unavailable(
        f"a peer server does not answer at {url} ({reason}): {said.read_text(errors='replace')[-300:]}"
    )


def free_port() -> int:
    """A loopback port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
