"""All Secrets of one installation, from what its folder holds and what is asked."""

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from servicekit import provision

from deployment.made import FIXED, MAKERS, public, word
from deployment.manifests import Folder
from deployment.needs import DATABASE, Needs, of_services

BACKING, DATABASES, SERVICE_KEYS, SEALS, SMOKE = "anzhi-backing", "anzhi-databases", "anzhi-service-keys", "anzhi-seals", "anzhi-smoke"
BARE_POSTGRES, BARE_REDIS = "postgresql://postgres:5432", "redis://:{password}@valkey:6379/0"
AUTHORITY = "seal-authority.key.pem"
_VERIFIER = re.compile(r"ALTER ROLE (\w+) LOGIN PASSWORD '([^']+)'")


class Refused(SystemExit):
    """One sentence on what to mend."""


@dataclass(frozen=True)
class Asked:
    bare: bool  # charts/backing brings the servers
    postgres: str  # address of the server, without role and database
    rotate: Sequence[str]  # NAME or NAME:KEY
    given: Mapping[str, str]  # REDIS_URL, S3_ACCESS_KEY, S3_SECRET_KEY, KAFKA_USERNAME, KAFKA_PASSWORD


class Installation:
    def __init__(self, folder: Folder, asked: Asked) -> None:
        self.folder, self.asked = folder, asked
        self.needs = of_services()
        self.kept = {name: folder.read(name) for name in self._names()}
        self.rotated: list[str] = []

    def _names(self) -> list[str]:
        return [*(f"anzhi-{need.service}" for need in self.needs), SERVICE_KEYS, DATABASES, *([BACKING] if self.asked.bare else [])]

    def write(self) -> list[str]:
        """Answers a line per Secret; no line tells a value."""
        for asked in self.asked.rotate:
            self._forget(asked)
        made: dict[str, dict[str, str]] = {}
        if self.asked.bare:
            made[BACKING] = self._backing()
        for need in self.needs:
            made[f"anzhi-{need.service}"] = self._service(need, made.get(BACKING, {}))
        keys = {need.service: made[f"anzhi-{need.service}"].get("service.pem") for need in self.needs}
        made[SERVICE_KEYS] = {f"{service}.pem": public(key) for service, key in keys.items() if key}
        made[DATABASES] = {"databases.sql": self.statements(made)}
        lines = []
        for name, content in made.items():
            before = self.kept[name]
            if content != before or not (self.folder.place / f"{name}.yaml").exists():
                self.folder.write(name, content)
            fresh = sorted(key for key in content if content[key] != before.get(key))
            lines.append(f"{name:26} {'new: ' + ', '.join(fresh) if fresh else 'as it was'}")
        self.folder.write_file("databases.sql", made[DATABASES]["databases.sql"])
        return lines

    def _forget(self, asked: str) -> None:
        name, _, key = asked.partition(":")
        if name not in self.kept:
            raise Refused(f"--rotate {asked}: there is no Secret {name}; there are {', '.join(sorted(self.kept))}.")
        keys = [key] if key else list(self.kept[name])
        if key and key not in self.kept[name]:
            raise Refused(f"--rotate {asked}: {name} has no key {key}; it has {', '.join(sorted(self.kept[name])) or 'none yet'}.")
        for each in keys:
            if each in FIXED:
                raise Refused(f"--rotate {asked}: {each} stays, {FIXED[each]}. Name the keys to rotate, as {name}:KEY.")
            if each in {"REDIS_URL", "S3_ACCESS_KEY", "S3_SECRET_KEY"} and name != BACKING:
                where = f"rotate {BACKING}" if self.asked.bare else f"change it at its server and give the new {each}"
                raise Refused(f"--rotate {asked}: {each} is the server's, {where}.")
        for each in keys:
            self.kept[name] = {left: value for left, value in self.kept[name].items() if left != each}

    def _backing(self) -> dict[str, str]:
        return {
            key: self.kept[BACKING].get(key) or word() for key in ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "S3_ACCESS_KEY", "S3_SECRET_KEY")
        }

    def _service(self, need: Needs, backing: Mapping[str, str]) -> dict[str, str]:
        kept = self.kept[f"anzhi-{need.service}"]
        made = {}
        for name in (*need.words, *need.files):
            if name in DATABASE:
                made[name] = self._database_url(need, DATABASE[name], kept.get(name, ""))
            elif name in {"REDIS_URL", "S3_ACCESS_KEY", "S3_SECRET_KEY"}:
                made[name] = self._of_a_server(name, kept, backing)
            elif name in MAKERS:
                made[name] = kept.get(name) or MAKERS[name]()
            else:
                raise Refused(f"{need.service} asks for {name}, and nothing here knows how it is made (infra/deploy/made.py).")
        if need.has_database and self.asked.given.get("KAFKA_USERNAME"):
            made |= {name: self.asked.given[name] for name in ("KAFKA_USERNAME", "KAFKA_PASSWORD")}
        elif "KAFKA_USERNAME" in kept:
            made |= {name: kept[name] for name in ("KAFKA_USERNAME", "KAFKA_PASSWORD")}
        return made

    def _database_url(self, need: Needs, kind: str, kept: str) -> str:
        before = urlsplit(kept)
        password = before.password or word()
        server = urlsplit(self.asked.postgres) if self.asked.postgres else before
        if not server.hostname:
            raise Refused("The address of PostgreSQL is not known: give --postgres postgresql://host:port, or --bare.")
        place = f"{need.package}_{kind}:{password}@{server.hostname}:{server.port or 5432}"
        return urlunsplit(("postgresql", place, f"/{need.package}", server.query, ""))

    def _of_a_server(self, name: str, kept: Mapping[str, str], backing: Mapping[str, str]) -> str:
        if self.asked.bare:
            return BARE_REDIS.format(password=backing["REDIS_PASSWORD"]) if name == "REDIS_URL" else backing[name]
        value = self.asked.given.get(name) or kept.get(name)
        if not value:
            raise Refused(f"{name} is not known: give it in the environment, or --bare.")
        return value

    def statements(self, made: Mapping[str, Mapping[str, str]]) -> str:
        """For psql, as somebody who may create roles and databases."""
        known = dict(_VERIFIER.findall(self.kept[DATABASES].get("databases.sql", "")))
        steps = []
        for need in self.needs:
            if need.has_database:
                urls = made[f"anzhi-{need.service}"]
                passwords = {kind: urlsplit(urls[name]).password or "" for name, kind in DATABASE.items()}
                steps += provision.steps(need.package, passwords, known)
        return provision.script(steps)


def development_seals(folder: Folder) -> str:
    """Keys made here for the seal of every body that identity ships: for tests. Real seals come from who is licensed to make them."""
    from documents.adapters.sealing import make_seal_keys
    from identity.adapters.reference import shipped_bodies

    with tempfile.TemporaryDirectory() as scratch:
        place, authority = Path(scratch), folder.place / AUTHORITY
        if authority.exists():
            (place / "authority.key.pem").write_bytes(authority.read_bytes())
        for name, content in folder.read(SEALS).items():
            issuer, _, rest = name.partition(".") if not name.startswith("authority.") else ("", "", name)
            (place / issuer).mkdir(exist_ok=True)
            (place / issuer / rest).write_text(content)
        made = make_seal_keys(place, shipped_bodies())
        files = {path.relative_to(place): path.read_text() for path in sorted(place.rglob("*.pem"))}
    # Who issues certificates stays outside the cluster.
    folder.write_file(AUTHORITY, files.pop(Path("authority.key.pem")))
    folder.write(SEALS, {".".join(path.parts): content for path, content in files.items()})
    return f"{SEALS:26} {f'new: {len(made)} certificates' if made else 'as it was'}"
