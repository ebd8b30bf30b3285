"""Secrets as files: one manifest of Kubernetes each, readable by nobody else, and read again by the next run."""

import os
from collections.abc import Mapping
from pathlib import Path

import yaml


class Folder:
    def __init__(self, place: Path, namespace: str) -> None:
        self.place, self.namespace = place, namespace
        place.mkdir(parents=True, exist_ok=True)
        place.chmod(0o700)

    def read(self, name: str) -> dict[str, str]:
        """What a run before put into the Secret; empty: there was none."""
        file = self.place / f"{name}.yaml"
        return dict(yaml.safe_load(file.read_text("utf-8"))["stringData"]) if file.exists() else {}

    def write(self, name: str, content: Mapping[str, str]) -> None:
        manifest = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": name, "namespace": self.namespace, "labels": {"app.kubernetes.io/part-of": "anzhi"}},
            "type": "Opaque",
            "stringData": dict(sorted(content.items())),
        }
        self.write_file(f"{name}.yaml", yaml.dump(manifest, Dumper=_Dumper, allow_unicode=True, sort_keys=False))

    def write_file(self, name: str, text: str) -> None:
        """Whole or not at all."""
        draft = self.place / f".{name}.draft"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        draft.chmod(0o600)
        draft.replace(self.place / name)


class _Dumper(yaml.SafeDumper):
    """Keys and scripts line by line, as they are."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
