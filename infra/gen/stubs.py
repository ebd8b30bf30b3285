"""Formats and lints protos/ and compiles them to Python modules with types."""

import subprocess
import sys
import tempfile
from importlib import resources
from pathlib import Path

from files import CONTRACTS, PROTOS, ROOT, Changes

BIN = Path(sys.executable).parent
GOOGLE = Path(str(resources.files("grpc_tools"))) / "_proto"


def run(*command: str | Path) -> None:
    done = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{Path(command[0]).name} {' '.join(map(str, command[1:3]))}:\n{done.stdout}{done.stderr}")


def protos_of(services: list[str]) -> list[Path]:
    folders = [PROTOS / "anzhi" / name for name in services] if services else [PROTOS / "anzhi"]
    missing = [folder.name for folder in folders if not folder.is_dir()]
    if missing:
        sys.exit(f"protos/anzhi has no {', '.join(missing)}")
    return sorted(path for folder in folders for path in folder.rglob("*.proto"))


def format_and_lint(services: list[str], *, check: bool) -> None:
    paths = [f"--path=protos/anzhi/{name}" for name in services]
    if check:
        run(BIN / "buf", "format", "--diff", "--exit-code", "protos", *paths)
    else:
        run(BIN / "buf", "format", "--write", "protos", *paths)
    run(BIN / "buf", "lint", "protos", *paths)


def write_stubs(changes: Changes, services: list[str]) -> None:
    format_and_lint(services, check=changes.check)
    protos = protos_of(services)
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        run(
            sys.executable,
            "-m",
            "grpc_tools.protoc",
            f"--proto_path={PROTOS}",
            f"--proto_path={GOOGLE}",
            f"--plugin=protoc-gen-mypy={BIN / 'protoc-gen-mypy'}",
            f"--plugin=protoc-gen-mypy_grpc={BIN / 'protoc-gen-mypy_grpc'}",
            f"--python_out={out}",
            f"--grpc_python_out={out}",
            f"--mypy_out=quiet:{out}",
            f"--mypy_grpc_out=quiet,only_async:{out}",
            *protos,
        )
        made = set()
        for path in sorted(out.rglob("*.py*")):
            target = CONTRACTS / path.relative_to(out)
            if target.name.endswith(("_pb2_grpc.py", "_pb2_grpc.pyi")) and not serves(path.with_name(path.stem + ".py")):
                continue
            made.add(target)
            changes.write(target, path.read_text())
        for folder in {parent for path in made for parent in path.parents if CONTRACTS / "anzhi" in parent.parents}:
            changes.write(folder / "__init__.py", "")
    folders = [CONTRACTS / "anzhi" / service for service in services] if services else [CONTRACTS / "anzhi"]
    changes.remove(path for folder in folders for path in folder.rglob("*_pb2*.py*") if path.suffix != ".pyc" and path not in made)


def serves(module: Path) -> bool:
    """A file without a service gets an empty gRPC module; nobody imports those."""
    return "class " in module.read_text()


def describe(out: Path) -> None:
    """All protos with their comments as one descriptor set."""
    run(
        sys.executable,
        "-m",
        "grpc_tools.protoc",
        f"--proto_path={PROTOS}",
        f"--proto_path={GOOGLE}",
        "--include_imports",
        "--include_source_info",
        f"--descriptor_set_out={out}",
        *protos_of([]),
    )
