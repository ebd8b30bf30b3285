"""Names of timers and what follows when they end, as the catalogue has them in both languages."""

import json
from collections.abc import Mapping
from importlib import resources

_LANGUAGES = ("zh", "en")


class Catalogue:
    def __init__(self) -> None:
        folder = resources.files("anzhi") / "catalogue"
        self._words = {language: json.loads((folder / f"{language}.json").read_text("utf-8")) for language in _LANGUAGES}

    def title(self, timer: str) -> Mapping[str, str]:
        return self._both("timers", timer)

    def consequence(self, timer: str) -> Mapping[str, str]:
        return self._both("breaches", timer)

    def _both(self, section: str, key: str) -> Mapping[str, str]:
        return {language: self._words[language].get(section, {}).get(key, "") for language in _LANGUAGES}
