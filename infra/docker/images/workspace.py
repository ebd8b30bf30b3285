"""What uv.lock says: the members that a service is made of, and the distributions with their hashes."""

import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from images.network import uv_environment


@dataclass(frozen=True)
class Member:
    """A package of the workspace; `folder` is relative to the checkout."""

    name: str
    folder: str


class Workspace:
    def __init__(self, checkout: Path, uv: Path) -> None:
        self.checkout, self.uv = checkout, uv
        self.packages: dict[str, dict[str, Any]] = {
            package["name"]: package for package in tomllib.loads((checkout / "uv.lock").read_text())["package"]
        }

    @property
    def services(self) -> tuple[str, ...]:
        return tuple(sorted(path.parent.name for path in (self.checkout / "services").glob("*/pyproject.toml")))

    @property
    def members(self) -> tuple[Member, ...]:
        return tuple(
            Member(name, package["source"]["editable"])
            for name, package in sorted(self.packages.items())
            if "editable" in package.get("source", {})
        )

    def closure(self, name: str) -> tuple[Member, ...]:
        """The members that `name` needs, itself among them."""
        folders = {member.name: member for member in self.members}
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            current = waiting.pop()
            if current in seen or current not in folders:
                continue
            seen.add(current)
            waiting += [needed["name"] for needed in self.packages[current].get("dependencies", ())]
        return tuple(folders[found] for found in sorted(seen))

    @cache  # noqa: B019 - a workspace lives as long as the command
    def requirements(self, name: str) -> str:
        """The distributions that `name` needs, pinned and with hashes, none of the workspace's own."""
        command = [str(self.uv), "export", "--frozen", "--package", name, "--no-dev", "--no-emit-workspace", "--no-header", "--no-annotate"]
        done = subprocess.run(command, cwd=self.checkout, env=uv_environment(), capture_output=True, text=True, check=True)
        return done.stdout

    def pinned(self, distribution: str) -> str:
        """One distribution as a line of requirements, with the hashes of its wheels."""
        package = self.packages[distribution]
        return " ".join([f"{distribution}=={package['version']}", *(f"--hash={wheel['hash']}" for wheel in package["wheels"])]) + "\n"

    def without_hash(self) -> list[str]:
        """Files that the lock names without a hash: none, if it is as uv writes it."""
        packages = [package for package in self.packages.values() if "registry" in package.get("source", {})]
        files = [(package, [*package.get("wheels", ()), *([package["sdist"]] if "sdist" in package else [])]) for package in packages]
        bare = [package["name"] for package, found in files if not found]
        return bare + [file["url"] for _, found in files for file in found if not str(file.get("hash", "")).startswith("sha256:")]

    def files(self, member: Member) -> Iterator[Path]:
        """What is needed to build it, relative to the checkout: its folder less the tests, and what its wheel takes from elsewhere."""
        folder = self.checkout / member.folder
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.is_file() and inside.parts[0] != "tests" and "__pycache__" not in inside.parts:
                yield path.relative_to(self.checkout)
        told = tomllib.loads((folder / "pyproject.toml").read_text())
        wheel = told.get("tool", {}).get("hatch", {}).get("build", {}).get("targets", {}).get("wheel", {})
        for source in wheel.get("force-include", {}):
            place = (folder / source).resolve()
            if not place.is_relative_to(folder):
                for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
                    if path.is_file() and "__pycache__" not in path.parts:
                        yield path.relative_to(self.checkout.resolve())
