"""A real Elasticsearch of one node on loopback, from Maven Central's small distribution for integration tests.

It is fetched once into the folder of the peers' environments, unpacked into a temporary folder for each run, and given
``geo_shape`` by a plugin of a few lines: its server has that field type, but nothing in the distribution registers it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from elasticsearch import Elasticsearch

from tests.conftest import unavailable
from tests.peers.environments import ENVIRONMENTS
from tests.peers.servers import free_port, serving

VERSION = "8.1.1"
TEST_PREFIX = "halocline-test-"
"""What the names of all indexes begin with that tests make."""
_ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
_FETCH_SECONDS = 280
_PLUGIN = """
package halocline;
import java.util.Map;
import org.elasticsearch.index.mapper.GeoShapeFieldMapper;
import org.elasticsearch.index.mapper.Mapper;
import org.elasticsearch.plugins.MapperPlugin;
import org.elasticsearch.plugins.Plugin;
public class Shapes extends Plugin implements MapperPlugin {
    @Override public Map<String, Mapper.TypeParser> getMappers() {
        return Map.of(GeoShapeFieldMapper.CONTENT_TYPE, GeoShapeFieldMapper.PARSER);
    }
}
"""
_DESCRIPTOR = f"""\
name=geo-shape
description=registers geo_shape
version=1
elasticsearch.version={VERSION}
java.version=17
classname=halocline.Shapes
"""
_SETTINGS = """\
cluster.name: halocline-tests
node.name: one
http.host: 127.0.0.1
http.port: {http}
transport.host: 127.0.0.1
transport.port: {transport}
discovery.type: single-node
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
path.data: {home}/data
path.logs: {home}/logs
"""


@contextmanager
def elasticsearch() -> Iterator[str]:
    """Gives the server's address, or that of ``HALOCLINE_TEST_ELASTICSEARCH_URL``. Skips where it cannot be had."""
    own = os.environ.get("HALOCLINE_TEST_ELASTICSEARCH_URL", "").rstrip("/")
    if own:
        try:
            yield own
        finally:
            _leave_nothing(own)
        return
    java = _java()
    archive = _archive()
    with tempfile.TemporaryDirectory(prefix="elasticsearch", ignore_cleanup_errors=True) as name:
        home = Path(name) / f"elasticsearch-{VERSION}"
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(name)
        for script in (home / "bin").iterdir():
            script.chmod(0o755)  # zipfile forgets that they are programs
        _add_shapes(home, java)
        port = free_port()
        settings = _SETTINGS.format(http=port, transport=free_port(), home=home)
        (home / "config" / "elasticsearch.yml").write_text(settings, "utf-8")
        (home / "config" / "jvm.options.d" / "heap.options").write_text("-Xms1g\n-Xmx1g\n", "utf-8")
        url = f"http://127.0.0.1:{port}"
        command = [str(home / "bin" / "elasticsearch")]
        with serving(command, url, home, {"ES_JAVA_HOME": str(java)}, user=_plain_user(Path(name))):
            yield url


def _leave_nothing(url: str) -> None:
    """Delete what the tests have made in a cluster that lives on."""
    with Elasticsearch(url) as client:
        for name in client.indices.get(index=f"{TEST_PREFIX}*").body:
            client.indices.delete(index=name)


def _java() -> Path:
    compiler, maven = shutil.which("javac"), shutil.which("mvn")
    if compiler is None or maven is None:
        unavailable("Elasticsearch needs a JDK of 17 and Maven (Debian: openjdk-17-jdk-headless, maven)")
    return Path(compiler).resolve().parents[1]


def _archive() -> Path:
    """The distribution, fetched now if it is not there."""
    archive = ENVIRONMENTS / f"elasticsearch-{VERSION}.zip"
    if not archive.is_file():
        ENVIRONMENTS.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=ENVIRONMENTS) as fetched:
            command = [
                "mvn",
                "-B",
                "-q",
                "dependency:copy",
                f"-Dartifact={_ARTIFACT}",
                f"-DoutputDirectory={fetched}",
            ]
            try:
                subprocess.run(command, check=True, capture_output=True, text=True, timeout=_FETCH_SECONDS)
            except subprocess.SubprocessError as error:
                said = str(getattr(error, "stdout", None) or error).strip()[-300:]
                unavailable(f"Maven could not fetch Elasticsearch: {said}")
            (Path(fetched) / archive.name).replace(archive)
    return archive


def _add_shapes(home: Path, java: Path) -> None:
    """Compile the plugin against the server's own libraries."""
    plugin = home / "plugins" / "geo-shape"
    source = plugin / "halocline" / "Shapes.java"
    source.parent.mkdir(parents=True)
    source.write_text(_PLUGIN, "utf-8")
    compile_it = [str(java / "bin" / "javac"), "-nowarn", "-proc:none", "-cp", f"{home}/lib/*", str(source)]
    subprocess.run(compile_it, check=True, capture_output=True, text=True, timeout=120)
    jar = plugin / "shapes.jar"
    with zipfile.ZipFile(jar, "w") as packed:
        packed.write(source.with_suffix(".class"), "halocline/Shapes.class")
    shutil.rmtree(source.parent)
    (plugin / "plugin-descriptor.properties").write_text(_DESCRIPTOR, "utf-8")


def _plain_user(folder: Path) -> str | None:
    """Elasticsearch refuses to run as root: it is then given to a user without rights."""
    if os.geteuid() != 0:
        return None
    folder.chmod(0o755)
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, "nobody")
    return "nobody"
