import json
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from images import sbom
from images.archive import Image
from images.places import ROOT
from images.workspace import Workspace

from infra.docker.tests.unit.archives import saved

WORKSPACE = Workspace(ROOT, Path("uv"))
SITE = "app/lib/python3.11/site-packages"


def image(folder: Path) -> Image:
    version = WORKSPACE.packages["redis"]["version"]
    metadata = f"Metadata-Version: 2.4\nName: redis\nVersion: {version}\nLicense-Expression: MIT\n\n"
    files = {
        "var/lib/dpkg/status.d/zlib1g": (0o644, f"Package: zlib1g\nVersion: 1:1.2.13\nSHA256: {'a' * 64}\n".encode()),
        f"{SITE}/redis-1.dist-info/METADATA": (0o644, metadata.encode()),
        f"{SITE}/redis-1.dist-info/WHEEL": (0o644, b"Wheel-Version: 1.0\nTag: py3-none-any\n"),
        f"{SITE}/penalties-0.1.0.dist-info/METADATA": (0o644, b"Metadata-Version: 2.4\nName: penalties\nVersion: 0.1.0\n\n"),
    }
    return Image.read(saved(folder / "image.tar", files))


def test_the_bill_of_an_image_is_valid_cyclonedx(tmp_path: Path) -> None:
    document = sbom.document("penalties", "dev", image(tmp_path), WORKSPACE)

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(document)) is None


def test_a_wheel_stands_there_with_the_hash_of_the_lock_and_a_debian_package_with_its_own(tmp_path: Path) -> None:
    listed = {component["name"]: component for component in sbom.document("penalties", "dev", image(tmp_path), WORKSPACE)["components"]}
    wheel = next(wheel for wheel in WORKSPACE.packages["redis"]["wheels"] if wheel["url"].endswith("-py3-none-any.whl"))

    assert listed["redis"]["hashes"] == [{"alg": "SHA-256", "content": wheel["hash"].removeprefix("sha256:")}]
    assert listed["redis"]["licenses"] == [{"expression": "MIT"}]
    assert listed["zlib1g"]["hashes"] == [{"alg": "SHA-256", "content": "a" * 64}]
    assert listed["zlib1g"]["licenses"] == [{"expression": "Zlib"}]
    assert "hashes" not in listed["penalties"]


def test_a_broken_bill_would_not_pass_the_schema() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str('{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{}]}')
