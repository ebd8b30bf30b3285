"""The command: builds, checks, lists."""

import argparse
import json
import shutil
import sys
import tempfile
import time
from fcntl import LOCK_EX, flock
from pathlib import Path

from images import collector, context, foundation, licences, sbom
from images.archive import Image
from images.builder import Builder, BuildFailed, NoBuilder
from images.collector import NoGo
from images.context import BACKING, COLLECTOR
from images.jars import WrongJar
from images.places import HERE, OUT, REGISTRY, ROOT
from images.programs import uv
from images.rules import broken
from images.workspace import Workspace


def main() -> int:
    parser = argparse.ArgumentParser(prog="python infra/docker", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    build = actions.add_parser("build", help="build images, leave out what is unchanged")
    build.add_argument("names", nargs="+", help="folders of services/, backing-postgres …, collector; or services, backing, all")
    build.add_argument("--tag", default="dev")
    build.add_argument("--source", type=Path, default=ROOT, help="another checkout, whose services are built")
    build.add_argument("--base", help="an image with Python instead of the project's own base, for example python:3.11-slim")
    build.add_argument("--builder", choices=("buildah", "docker"), help="default: whichever answers")
    listed = actions.add_parser("licences", help="the licence of everything that others made, against licences.toml")
    listed.add_argument("--quiet", action="store_true", help="the faults only")
    scan = actions.add_parser("secrets", help="what looks like a secret in a tracked file, against secrets-baseline.json")
    scan.add_argument("--accept", action="store_true", help="write the list anew; read the difference before you commit it")
    arguments = parser.parse_args()
    try:
        if arguments.action == "secrets":
            from images import secrets_scan  # needs the environment, and the rest does not

            return secrets_scan.main(accept=arguments.accept)
        if arguments.action == "licences":
            return licences.main(Workspace(ROOT, uv()), quiet=arguments.quiet)
        return Run(arguments).build(arguments.names)
    except (foundation.NoBase, BuildFailed, NoBuilder, NoGo, WrongJar) as failure:
        print(failure, file=sys.stderr)
        return 1


class Run:
    def __init__(self, arguments: argparse.Namespace) -> None:
        self.tag: str = arguments.tag
        self.base: str | None = arguments.base
        self.builder = Builder(arguments.builder)
        self.workspace = Workspace(arguments.source.resolve(), uv())
        OUT.mkdir(parents=True, exist_ok=True)
        (OUT / "logs").mkdir(exist_ok=True)

    def build(self, names: list[str]) -> int:
        with (OUT / "lock").open("w") as held:
            flock(held, LOCK_EX)
            groups = {"services": self.workspace.services, "backing": BACKING, "all": (*self.workspace.services, *BACKING)}
            wanted = [name for given in names for name in groups.get(given, (given,))]
            if unknown := [name for name in wanted if name not in groups["all"]]:
                raise BuildFailed(f"there is no image {', '.join(unknown)}; there are {', '.join(groups['all'])}")
            self.base_image = self.base or self._make_base()
            print(f"{'image':28}{'MB':>6}{'s':>7}", flush=True)
            if COLLECTOR in wanted and COLLECTOR not in names and not collector.can():
                wanted.remove(COLLECTOR)
                print("LEFT OUT: collector, which is built from Go modules, and there is no go here")
            faults = [fault for name in dict.fromkeys(wanted) for fault in self._one(name)]
        for fault in faults:
            print(fault, file=sys.stderr)
        return 1 if faults else 0

    def _one(self, name: str) -> list[str]:
        begin = time.monotonic()
        log = OUT / "logs" / f"{name}-{self.tag}.log"
        recipe = context.recipe(name, self.workspace, self.base_image)
        archive, note, bill = (OUT / f"{name}-{self.tag}{suffix}" for suffix in (".tar", ".json", ".cdx.json"))
        image = f"{REGISTRY}/{name}:{self.tag}"
        known = json.loads(note.read_text()) if all(path.exists() for path in (archive, note, bill)) else {}
        fresh = known.get("key") != recipe.key
        if fresh:
            log.write_text("")
            with tempfile.TemporaryDirectory() as folder:
                recipe.fill(Path(folder))
                self.builder.build(recipe.dockerfile, Path(folder), image, recipe.arguments, log)
            self.builder.save(image, archive, log)
            built = Image.read(archive)
            bill.write_text(json.dumps(sbom.document(name, self.tag, built, self.workspace), indent=1))
            known = {"key": recipe.key, "image": image, "bytes": built.size, "seconds": round(time.monotonic() - begin, 1)}
            known["faults"] = broken(name, built)
            note.write_text(json.dumps(known, indent=1))
        print(f"{name:28}{known['bytes'] / 1e6:6.0f}{time.monotonic() - begin:7.1f}{'' if fresh else '  unchanged'}", flush=True)
        return list(known.get("faults", ()))

    def _make_base(self) -> str:
        made = foundation.make()
        dockerfile = HERE / "base.Dockerfile"
        image = f"{REGISTRY}/base:{context.digest(made.key, dockerfile.read_text())}"
        if not self.builder.has(image):
            with tempfile.TemporaryDirectory() as folder:
                shutil.copyfile(made.archive, Path(folder) / "base.tar")
                self.builder.build(dockerfile, Path(folder), image, {}, OUT / "logs" / "base.log")
        return image
