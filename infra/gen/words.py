"""The catalogue of words in both languages."""

import json
from dataclasses import dataclass
from pathlib import Path

from files import CONTRACTS

CATALOGUE = CONTRACTS / "anzhi" / "catalogue"
LANGUAGES = ("zh", "en")
SECTIONS = ("reasons", "states", "moves", "permissions", "forms", "timers", "breaches", "roles", "services", "pages")


@dataclass(frozen=True)
class Words:
    """section -> key -> word, for each language."""

    languages: dict[str, dict[str, dict[str, str]]]

    @classmethod
    def read(cls, folder: Path = CATALOGUE) -> "Words":
        return cls({language: json.loads((folder / f"{language}.json").read_text()) for language in LANGUAGES})

    def both(self, section: str, key: str) -> dict[str, str]:
        return {language: words[section][key] for language, words in self.languages.items() if key in words.get(section, {})}

    def one(self, language: str, section: str, key: str) -> str:
        return self.languages[language].get(section, {}).get(key, "")
