"""Kafka's jars: from the list that the embedded platform checks them by."""

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from images.places import ROOT

LOCK = ROOT / "infra" / "local" / "src" / "embedded" / "backing" / "kafka-jars.lock"
HERE = ROOT / ".local" / "parts" / "kafka" / "jars"
FETCH = "import asyncio; from embedded.backing import kafka_program; asyncio.run(kafka_program.ready())"


class WrongJar(Exception):
    """A jar is not the one that the lock names."""


@dataclass(frozen=True)
class Jar:
    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file(self) -> str:
        return f"{self.artifact}-{self.version}.jar"


def locked() -> tuple[Jar, ...]:
    return tuple(Jar(*line.replace(":", " ").split()) for line in LOCK.read_text().splitlines())


def here() -> Path:
    """Their folder, filled if it is not yet."""
    if not all((HERE / jar.file).exists() for jar in locked()):
        subprocess.run([ROOT / ".venv" / "bin" / "python", "-c", FETCH], check=True)
    return HERE


def copy(folder: Path) -> None:
    folder.mkdir()
    for jar in locked():
        content = (here() / jar.file).read_bytes()
        if hashlib.sha256(content).hexdigest() != jar.sha256:
            raise WrongJar(f"{jar.file} is not the jar that {LOCK.name} names")
        shutil.copyfile(here() / jar.file, folder / jar.file)
