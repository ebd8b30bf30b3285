"""`make secrets-scan`: what looks like a secret in a tracked file and is not among those that were looked at (secrets-baseline.json).

python -m images.secrets_scan            fails if there is one
python -m images.secrets_scan --accept   writes the list anew; read the difference before you commit it
"""

import json
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

from images.places import HERE, ROOT

BASELINE = HERE / "secrets-baseline.json"
# Hashes by the thousand, made by tools: what stands there is checked otherwise.
GENERATED = ("uv.lock", "go.sum", "kafka-jars.lock", BASELINE.name)
BINARY = (".png", ".pdf", ".binpb", ".ttf")
PLUGINS = (
    *("AWSKeyDetector", "AzureStorageKeyDetector", "BasicAuthDetector", "GitHubTokenDetector", "GitLabTokenDetector", "JwtTokenDetector"),
    *("NpmDetector", "OpenAIDetector", "PrivateKeyDetector", "PypiTokenDetector", "SendGridDetector", "SlackDetector", "StripeDetector"),
    *("TwilioKeyDetector", "KeywordDetector"),
)
# The search line by line takes minutes over the whole tree: only files go to it that hold what one of the plugins could find.
SUSPECT = re.compile(
    rb"(?i:(pass|pwd|secret|api_?key|token|private_?key|auth)\w*[\"']?\s*(:|=|:=|=>|==)\s*[\"'])"
    rb"|-----BEGIN|://[^\s/:@]*:[^\s/:@]+@|A(KIA|SIA|BIA|CCA)[0-9A-Z]|AccountKey=|gh[pousr]_|glpat-|glptt-|eyJ|_authToken|sk-|pypi-|SG\."
    rb"|xox[abposr]|hooks\.slack|[sr]k_live|AC[a-z0-9]{32}|SK[a-z0-9]{32}"
)
# In settings a value stands without quotes.
PLAIN = re.compile(rb"(?i)(pass|pwd|secret|api_?key|token|private_?key|auth)\w*\s*[:=]\s*\S")
FILTERS = [
    {"path": "detect_secrets.filters.heuristic.is_indirect_reference"},
    {"path": "detect_secrets.filters.heuristic.is_templated_secret"},
    {"path": "detect_secrets.filters.heuristic.is_not_alphanumeric_string"},
    {"path": "detect_secrets.filters.heuristic.is_prefixed_with_dollar_sign"},
    {"path": "detect_secrets.filters.allowlist.is_line_allowlisted"},
]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in paths if path.is_file() and path.name not in GENERATED and path.suffix not in BINARY]


def found(paths: Iterable[Path], root: Path = ROOT) -> list[dict[str, str | int]]:
    """Each by the hash of the secret, so that the list itself tells none."""
    with transient_settings({"plugins_used": [{"name": name} for name in PLUGINS], "filters_used": FILTERS}):
        secrets = [secret for path in paths if suspect(path) for secret in scan_file(str(path))]
    told: list[dict[str, str | int]] = [
        {"file": str(Path(secret.filename).relative_to(root)), "kind": secret.type, "hash": secret.secret_hash, "line": secret.line_number}
        for secret in secrets
    ]
    return sorted(told, key=lambda secret: (secret["file"], secret["line"], secret["kind"]))


def suspect(path: Path) -> bool:
    content = path.read_bytes()
    return bool(
        SUSPECT.search(content) or (path.suffix in (".yaml", ".yml", ".ini", ".cfg", ".conf", ".env", "") and PLAIN.search(content))
    )


def unknown(secrets: Iterable[dict[str, str | int]], accepted: Iterable[dict[str, str | int]]) -> list[dict[str, str | int]]:
    known = {(secret["file"], secret["kind"], secret["hash"]) for secret in accepted}
    return [secret for secret in secrets if (secret["file"], secret["kind"], secret["hash"]) not in known]


def main(*, accept: bool) -> int:
    paths = tracked()
    secrets = found(paths)
    if accept:
        kept = [{name: value for name, value in secret.items() if name != "line"} for secret in secrets]
        unique = [json.loads(text) for text in dict.fromkeys(json.dumps(secret) for secret in kept)]
        BASELINE.write_text(json.dumps(unique, indent=1, ensure_ascii=False) + "\n")
        return 0
    new = unknown(secrets, json.loads(BASELINE.read_text()))
    for secret in new:
        print(f"{secret['file']}:{secret['line']}: looks like a secret ({secret['kind']})")
    print(f"{len(paths)} files, {len(secrets)} looked at before, {len(new)} new")
    return 1 if new else 0
