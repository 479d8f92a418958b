"""Real Elasticsearch on loopback (one node, a secured one, or several) from Maven Central's distribution for tests.

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
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
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
node.name: {name}
http.host: 127.0.0.1
http.port: {http}
transport.host: 127.0.0.1
transport.port: {transport}
{more}
cluster.routing.allocation.disk.threshold_enabled: false
path.data: {home}/data-{name}
path.logs: {home}/logs-{name}
"""
_ALONE = "discovery.type: single-node\n"
_OPEN = "xpack.security.enabled: false\n"
_SECURED = """\
xpack.security.enabled: true
xpack.security.http.ssl.enabled: true
xpack.security.http.ssl.key: node.key
xpack.security.http.ssl.certificate: node.pem
"""
_TOGETHER = """\
discovery.seed_hosts: [{hosts}]
cluster.initial_master_nodes: [{names}]
cluster.fault_detection.follower_check.interval: 500ms
cluster.fault_detection.leader_check.interval: 500ms
"""
_QUESTION_SECONDS = 60


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
    with _unpacked() as home, _started(home, _Plan("one", free_port(), _ALONE + _OPEN, heap="1g")) as node:
        yield node.url


@dataclass(frozen=True, slots=True)
class Secured:
    """A server that wants a password and speaks TLS. ``ca`` has signed its certificate."""

    port: int
    user: str
    password: str
    ca: Path


@contextmanager
def secured() -> Iterator[Secured]:
    """One node that demands what a cluster in service demands."""
    with _unpacked() as home:
        ca = _certify(home / "config")
        password = "a password/with@marks"
        keystore = str(home / "bin" / "elasticsearch-keystore")
        settings = {**os.environ, "ES_JAVA_HOME": str(_java())}
        for command, given in (
            ([keystore, "create"], ""),
            ([keystore, "add", "-x", "-f", "bootstrap.password"], password),
        ):
            subprocess.run(
                command, input=given, check=True, capture_output=True, text=True, env=settings, timeout=60
            )
        plan = _Plan("one", free_port(), _ALONE + _SECURED, authority=ca)
        with _started(home, plan):
            yield Secured(plan.port, "elastic", password, ca)


@dataclass(frozen=True, slots=True)
class Node:
    """A running node."""

    name: str
    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """As a machine dies: with no time for anything."""
        self.process.kill()
        self.process.wait(timeout=20)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Nodes that found each other. A killed one can be started again on what it has left."""

    home: Path
    plans: tuple[_Plan, ...]
    nodes: dict[str, Node]
    running: ExitStack

    def start(self) -> None:
        """Start all nodes that do not run, and wait until they have found each other."""
        missing = [plan for plan in self.plans if plan.name not in self.nodes]
        with ThreadPoolExecutor(len(self.plans)) as pool:
            started = pool.map(lambda plan: self.running.enter_context(_started(self.home, plan)), missing)
            self.nodes.update((node.name, node) for node in started)
        with self.client() as client:
            client.cluster.health(wait_for_nodes=str(len(self.plans)), timeout="60s")

    def client(self) -> Elasticsearch:
        """A client of all running nodes."""
        return Elasticsearch(
            [node.url for node in self.nodes.values()], request_timeout=_QUESTION_SECONDS, max_retries=5
        )

    def master(self) -> str:
        """The name of the elected master."""
        with self.client() as client:
            return str(client.cat.master(format="json").body[0]["node"])  # type: ignore[index]

    def kill(self, name: str) -> None:
        """Kill a node with signal 9."""
        self.nodes.pop(name).kill()

    def address(self, prefix: str, **more: int) -> str:
        """The search URL that names all nodes."""
        first, *others = (f"http://127.0.0.1:{plan.port}" for plan in self.plans)
        parameters = [f"node={url}" for url in others] + [f"{key}={value}" for key, value in more.items()]
        return f"{first}/{prefix}?{'&'.join(parameters)}"


@contextmanager
def cluster(count: int = 3) -> Iterator[Cluster]:
    """Nodes on this machine, each with a small heap."""
    names = [f"node-{number}" for number in range(count)]
    ports = [free_port() for _ in names]
    together = _TOGETHER.format(
        hosts=", ".join(f'"127.0.0.1:{port}"' for port in ports), names=", ".join(names)
    )
    plans = tuple(
        _Plan(name, free_port(), together + _OPEN, transport=port)
        for name, port in zip(names, ports, strict=True)
    )
    with _unpacked() as home, ExitStack() as running:
        found = Cluster(home, plans, {}, running)
        found.start()
        yield found


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a node is to be started. ``more`` are lines of its settings."""

    name: str
    port: int
    more: str
    transport: int = 0
    heap: str = "400m"
    authority: Path | None = None


@contextmanager
def _unpacked() -> Iterator[Path]:
    """The distribution in a temporary folder."""
    java, archive = _java(), _archive()
    with tempfile.TemporaryDirectory(prefix="elasticsearch", ignore_cleanup_errors=True) as name:
        home = Path(name) / f"elasticsearch-{VERSION}"
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(name)
        for script in (home / "bin").iterdir():
            script.chmod(0o755)  # zipfile forgets that they are programs
        _add_shapes(home, java)
        yield home


@contextmanager
def _started(home: Path, plan: _Plan) -> Iterator[Node]:
    """A node with a copy of the configuration that is its own."""
    configuration = home / f"config-{plan.name}"
    if not configuration.exists():
        shutil.copytree(home / "config", configuration)
    settings = _SETTINGS.format(
        name=plan.name, http=plan.port, transport=plan.transport or free_port(), home=home, more=plan.more
    )
    (configuration / "elasticsearch.yml").write_text(settings, "utf-8")
    heap = f"-Xms{plan.heap}\n-Xmx{plan.heap}\n"
    (configuration / "jvm.options.d" / "heap.options").write_text(heap, "utf-8")
    url = f"{'http' if plan.authority is None else 'https'}://127.0.0.1:{plan.port}"
    environment = {"ES_JAVA_HOME": str(_java()), "ES_PATH_CONF": str(configuration)}
    command = [str(home / "bin" / "elasticsearch")]
    user = _plain_user(home.parent)
    with serving(command, url, configuration, environment, user, plan.authority) as process:
        yield Node(plan.name, url, process)


def _certify(folder: Path) -> Path:
    """Make an authority, and ``node.key`` and ``node.pem`` that it has signed for loopback. Gives its certificate."""
    ca, extensions = folder / "ca.pem", folder / "extensions"
    extensions.write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    for line in (
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=tests-authority -keyout ca.key -out ca.pem",
        "req -newkey rsa:2048 -nodes -subj /CN=node -keyout node.key -out node.csr",
        "x509 -req -in node.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile extensions -out node.pem",
    ):
        subprocess.run(["openssl", *line.split()], cwd=folder, check=True, capture_output=True, timeout=60)
    return ca


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
        with suppress(FileNotFoundError):  # other nodes are at work in there
            shutil.chown(path, "nobody")
    return "nobody"
