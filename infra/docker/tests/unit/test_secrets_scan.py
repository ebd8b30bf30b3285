from pathlib import Path

from images.secrets_scan import found, unknown

BEGIN = "-----BEGIN RSA " + "PRIVATE KEY-----"


def test_a_planted_key_is_found_and_its_text_is_not_told(tmp_path: Path) -> None:
    planted = tmp_path / "settings.py"
    planted.write_text(f'KEY = """{BEGIN}\nMIIEow"""\nACCESS = "AKIA{"ZQ3XKV7YB2WLMN5T"}"\n')

    secrets = found([planted], tmp_path)

    assert {secret["kind"] for secret in secrets} == {"Private Key", "AWS Access Key"}
    assert "ZQ3XKV7YB2WLMN5T" not in str(secrets)


def test_what_was_looked_at_once_is_not_told_again_and_what_is_new_is(tmp_path: Path) -> None:
    file = tmp_path / "settings.py"
    file.write_text(f"{BEGIN}\n")
    accepted = found([file], tmp_path)

    file.write_text(f'\n\n{BEGIN}\npassword = "Tr0ub4dor-and-3-more"\n')
    new = unknown(found([file], tmp_path), accepted)

    assert [(secret["kind"], secret["line"]) for secret in new] == [("Secret Keyword", 4)]


def test_a_clean_file_has_none(tmp_path: Path) -> None:
    file = tmp_path / "clean.py"
    file.write_text("password = settings.password\n")

    assert found([file], tmp_path) == []
