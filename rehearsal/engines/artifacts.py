"""The files of a rehearsal engine, downloaded once with the Maven client and kept in the user's cache.

The published server archives contain one module; the others (delete by query, scripts, further field types) are
separate jars, added with the libraries that the server lacks. Language analysis is left out: it needs locale data that
a small Java runtime lacks. Versions are pinned, so a cached engine never changes.

The cache is ``$BEHAVIOUR_CACHE``, else ``$XDG_CACHE_HOME/behaviour-analytics``, else ``~/.cache/behaviour-analytics``;
with a filled cache neither Maven nor a network is needed.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from xml.sax.saxutils import escape

COPY_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
FETCH_SECONDS = 540


class EngineUnavailableError(Exception):
    """The engine is not available or cannot start on this machine; the text names what is missing."""


@dataclass(frozen=True)
class Module:
    """One module of a server: its class, its jars (``group:artifact:version``), the permissions that it needs."""

    name: str
    classname: str
    jars: tuple[str, ...]
    permissions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Engine:
    """One version of a search engine and how it starts."""

    name: str
    product: str
    version: str
    server: str
    modules: tuple[Module, ...]
    java_options: tuple[str, ...] = ()
    security: str | None = None
    """Coordinates of the security plugin, if one is published for this version."""
    security_jars: tuple[str, ...] = ()
    """Classes that the plugin needs from a module that the published server lacks."""

    @property
    def package(self) -> str:
        return "elasticsearch" if self.product == "elasticsearch" else "opensearch"

    @property
    def fingerprint(self) -> str:
        """A version of the unpacked content, so that an outdated cache is never used."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:10]


def _http4(client: str, core: str, codec: str, logging: str, asynchronous: str = "4.1.4") -> tuple[str, ...]:
    return (
        f"org.apache.httpcomponents:httpclient:{client}",
        f"org.apache.httpcomponents:httpcore:{core}",
        f"org.apache.httpcomponents:httpasyncclient:{asynchronous}",
        f"org.apache.httpcomponents:httpcore-nio:{core}",
        f"commons-codec:commons-codec:{codec}",
        f"commons-logging:commons-logging:{logging}",
    )


def _asm(version: str, antlr: str) -> tuple[str, ...]:
    parts = ("asm", "asm-analysis", "asm-commons", "asm-tree", "asm-util")
    return (f"org.antlr:antlr4-runtime:{antlr}", *(f"org.ow2.asm:{part}:{version}" for part in parts))


_REINDEX = ('java.net.SocketPermission "*", "connect"',)


def _painless(package: str) -> tuple[str, ...]:
    return (
        'java.lang.RuntimePermission "createClassLoader"',
        'java.lang.RuntimePermission "getClassLoader"',
        f'org.{package}.script.ClassPermission "<<STANDARD>>"',
    )


def _elasticsearch(version: str, http: tuple[str, ...], compiler: tuple[str, ...]) -> Engine:
    group = "org.codelibs.elasticsearch.module"
    client = (
        f"org.elasticsearch.client:elasticsearch-rest-client:{version}",
        f"org.codelibs.elasticsearch.lib:ssl-config:{version}",
    )
    spi = f"{group}:scripting-painless-spi:{version}"
    return Engine(
        name=f"elasticsearch-{version}",
        product="elasticsearch",
        version=version,
        server=f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{version}",
        modules=(
            Module(
                "reindex",
                "org.elasticsearch.index.reindex.ReindexPlugin",
                (f"{group}:reindex:{version}", *client, *http),
                _REINDEX,
            ),
            Module(
                "lang-painless",
                "org.elasticsearch.painless.PainlessPlugin",
                (f"{group}:lang-painless:{version}", spi, *compiler),
                _painless("elasticsearch"),
            ),
            Module(
                "mapper-extras",
                "org.elasticsearch.index.mapper.MapperExtrasPlugin",
                (f"{group}:mapper-extras:{version}",),
            ),
        ),
        java_options=("-Djava.security.manager=allow", "-Des.distribution.flavor=oss"),
    )


def _opensearch(
    version: str,
    http: tuple[str, ...],
    compiler: tuple[str, ...] = (),
    *,
    java_options: tuple[str, ...] = ("-Djava.security.manager=allow",),
    security: str | None = None,
    security_jars: tuple[str, ...] = (),
) -> Engine:
    group = "org.opensearch.plugin"
    kind = "ModulePlugin" if version.startswith("3.") else "Plugin"
    guarded = kind == "Plugin"  # OpenSearch 3 has no security manager
    modules = [
        Module(
            "reindex",
            f"org.opensearch.index.reindex.Reindex{kind}",
            (
                f"{group}:reindex-client:{version}",
                f"org.opensearch.client:opensearch-rest-client:{version}",
                f"org.opensearch:opensearch-ssl-config:{version}",
                *http,
            ),
            _REINDEX if guarded else (),
        ),
        Module(
            "mapper-extras",
            f"org.opensearch.index.mapper.MapperExtras{kind}",
            (f"{group}:mapper-extras-client:{version}",),
        ),
    ]
    if compiler:  # the script module of 1.3 is not published
        spi = f"{group}:opensearch-scripting-painless-spi:{version}"
        modules.append(
            Module(
                "lang-painless",
                f"org.opensearch.painless.Painless{kind}",
                (f"{group}:lang-painless:{version}", spi, *compiler),
                _painless("opensearch") if guarded else (),
            )
        )
    return Engine(
        name=f"opensearch-{version}",
        product="opensearch",
        version=version,
        server=f"org.opensearch.distribution.integ-test-zip:opensearch:{version}",
        modules=tuple(modules),
        java_options=java_options,
        security=security and f"{group}:opensearch-security:{security}",
        security_jars=security_jars,
    )


ENGINES: dict[str, Engine] = {
    engine.name: engine
    for engine in (
        _elasticsearch(
            "7.1.0",
            _http4("4.5.7", "4.4.11", "1.11", "1.1.3"),
            ("org.antlr:antlr4-runtime:4.5.3", "org.ow2.asm:asm-debug-all:5.1"),
        ),
        _elasticsearch("7.10.2", _http4("4.5.10", "4.4.12", "1.11", "1.1.3"), _asm("7.2", "4.5.3")),
        _opensearch("1.3.20", _http4("4.5.13", "4.4.12", "1.13", "1.1.3")),
        _opensearch(
            "2.19.4", _http4("4.5.14", "4.4.16", "1.18.0", "1.2", "4.1.5"), _asm("9.7", "4.13.1"), security="2.19.4.0"
        ),
        _opensearch(
            "3.4.0",
            (
                "org.apache.httpcomponents.client5:httpclient5:5.4.4",
                "org.apache.httpcomponents.core5:httpcore5:5.3.4",
                "org.apache.httpcomponents.core5:httpcore5-h2:5.3.4",
                "org.apache.httpcomponents.core5:httpcore5-reactive:5.3.4",
                "commons-codec:commons-codec:1.18.0",
                "commons-logging:commons-logging:1.3.5",
                "org.slf4j:slf4j-api:2.0.17",
            ),
            _asm("9.7", "4.13.1"),
            java_options=("-javaagent:agent/opensearch-agent.jar",),
            security="3.4.0.0",
            security_jars=("org.apache.commons:commons-collections4:4.4",),
        ),
    )
}
"""Engines by name: versions that AWS runs, from the oldest supported to the newest published."""


def cache_folder() -> Path:
    """Folder of downloaded engines."""
    own = os.environ.get("BEHAVIOUR_CACHE")
    base = os.environ.get("XDG_CACHE_HOME")
    return Path(own) if own else (Path(base) if base else Path.home() / ".cache") / "behaviour-analytics"


def prepared(engine: Engine) -> Path:
    """The unpacked server with its modules; downloaded and assembled at the first call.

    Raises:
        EngineUnavailableError: it is not in the cache and cannot be downloaded.
    """

    def build(folder: Path, files: Path) -> None:
        _unpack(files / _file(engine.server, "zip"), folder)
        for module in engine.modules:
            _add_module(engine, module, folder, files)

    jars = tuple(jar for module in engine.modules for jar in module.jars)
    return _kept(
        f"{engine.name}-{engine.fingerprint}", [(engine.server, "zip"), *((jar, "jar") for jar in jars)], build
    )


def security_plugin(engine: Engine) -> Path:
    """The unpacked security plugin for an engine."""
    if engine.security is None:
        published = ", ".join(name for name, other in ENGINES.items() if other.security)
        raise EngineUnavailableError(f"no security plugin is published for {engine.name}; use {published}")
    coordinates = engine.security

    def build(folder: Path, files: Path) -> None:
        _unpack(files / _file(coordinates, "zip"), folder)
        descriptor = folder / "plugin-descriptor.properties"
        # It depends on a module that the published server lacks, and uses it only optionally.
        lines = descriptor.read_text(encoding="utf-8").splitlines()
        kept = ["extended.plugins=" if line.startswith("extended.plugins") else line for line in lines]
        descriptor.write_text("\n".join(kept) + "\n", encoding="utf-8")
        for jar in engine.security_jars:
            shutil.copy(files / _file(jar, "jar"), folder)

    wanted = [(coordinates, "zip"), *((jar, "jar") for jar in engine.security_jars)]
    return _kept(f"{engine.name}-security-{engine.fingerprint}", wanted, build)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process downloads; the others wait for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _kept(name: str, wanted: list[tuple[str, str]], build: Callable[[Path, Path], None]) -> Path:
    folder = cache_folder() / "engines" / name
    if folder.is_dir():
        return folder
    with _alone(folder.with_name(f"{name}.lock")):
        if not folder.is_dir():
            with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f"{name}-") as scratch:
                files = Path(scratch, "files")
                _fetch(wanted, files, name)
                built = Path(scratch, "built")
                built.mkdir()
                build(built, files)
                built.rename(folder)  # atomically
    return folder


def _file(coordinates: str, packaging: str) -> str:
    _, artifact, version = coordinates.split(":")
    return f"{artifact}-{version}.{packaging}"


def _fetch(wanted: list[tuple[str, str]], files: Path, name: str) -> None:
    """Let the Maven client copy artifacts into a folder, from its local or a configured remote repository."""
    if shutil.which("mvn") is None:
        raise EngineUnavailableError(
            f"{name} is not in {cache_folder()} yet and the Maven client (mvn), which would fetch it, is not on PATH"
        )
    items = "".join(
        "<artifactItem>"
        + "".join(
            f"<{tag}>{escape(value)}</{tag}>"
            for tag, value in zip(
                ("groupId", "artifactId", "version", "type"), (*coordinates.split(":"), kind), strict=True
            )
        )
        + "</artifactItem>"
        for coordinates, kind in wanted
    )
    group, artifact, version, _ = COPY_GOAL.split(":")
    files.mkdir(parents=True)
    project = files / "pom.xml"
    project.write_text(
        "<project><modelVersion>4.0.0</modelVersion><groupId>rehearsal</groupId><artifactId>engine</artifactId>"
        f"<version>1</version><build><plugins><plugin><groupId>{group}</groupId><artifactId>{artifact}</artifactId>"
        f"<version>{version}</version><configuration><outputDirectory>{escape(str(files))}</outputDirectory>"
        f"<artifactItems>{items}</artifactItems></configuration></plugin></plugins></build></project>",
        encoding="utf-8",
    )
    command = ["mvn", "--batch-mode", "--quiet", "--file", str(project), COPY_GOAL]
    problem = ""
    for offline in (["--offline"], []):  # downloaded artifacts need no network
        try:
            done = subprocess.run(
                [*command, *offline], capture_output=True, text=True, timeout=FETCH_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise EngineUnavailableError(f"{name} could not be fetched: {error}") from None
        if done.returncode == 0:
            return
        lines = [line for line in (done.stdout + done.stderr).splitlines() if "ERROR" in line]
        problem = lines[0] if lines else f"mvn ended with {done.returncode}"
    raise EngineUnavailableError(f"{name} could not be fetched: {problem}")


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack a zip, without a single folder at its root."""
    with zipfile.ZipFile(archive) as packed:
        names = packed.namelist()
        packed.extractall(folder)
    roots = {name.split("/", 1)[0] for name in names}
    if len(roots) == 1:
        inner = folder / roots.pop()
        for child in list(inner.iterdir()):
            child.rename(folder / child.name)
        inner.rmdir()


def _add_module(engine: Engine, module: Module, folder: Path, files: Path) -> None:
    target = folder / "modules" / module.name
    target.mkdir(parents=True)
    for jar in module.jars:
        shutil.copy(files / _file(jar, "jar"), target)
    lines = {
        "name": module.name,
        "description": f"{module.name}, a module of the server",
        "version": engine.version,
        f"{engine.package}.version": engine.version,
        "java.version": "1.8",
        "classname": module.classname,
        "extended.plugins": "",
        "has.native.controller": "false",
    }
    text = "".join(f"{key}={value}\n" for key, value in lines.items())
    (target / "plugin-descriptor.properties").write_text(text, encoding="utf-8")
    if module.permissions:
        grants = "".join(f"  permission {permission};\n" for permission in module.permissions)
        (target / "plugin-security.policy").write_text(f"grant {{\n{grants}}};\n", encoding="utf-8")
