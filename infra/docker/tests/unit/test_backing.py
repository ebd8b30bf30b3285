import sys
from pathlib import Path
from types import ModuleType

import pytest
from images.places import HERE


@pytest.fixture
def backing(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The programs of the images lie beside each other there, as they do here."""
    monkeypatch.syspath_prepend(HERE / "backing")
    for name in ("settings", "postgres"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    import postgres

    return postgres


def test_the_checksum_is_that_of_postgres(backing: ModuleType) -> None:
    assert backing.crc32c(b"123456789") == 0xE3069283


def test_a_missing_setting_is_told_in_one_sentence(backing: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POSTGRES_PASSWORD", raising=False)

    with pytest.raises(SystemExit, match="POSTGRES_PASSWORD is not set"):
        backing.needed("POSTGRES_PASSWORD")


def test_a_setting_may_come_as_a_file(backing: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("from a file\n")
    monkeypatch.setenv("POSTGRES_PASSWORD_FILE", str(tmp_path / "password"))

    assert backing.needed("POSTGRES_PASSWORD") == "from a file"
