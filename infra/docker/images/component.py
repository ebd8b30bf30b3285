"""One thing that others made and we ship or work with: what it is, under which licence, by which hash."""

from dataclasses import dataclass
from email.message import Message

PYTHON, DEBIAN, JAR, GO, OWN = "python", "debian", "jar", "go", "own"

# What packages write into the field, and the identifier that SPDX has for it.
SPDX = {
    "apache": "Apache-2.0",
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "apache-2.0": "Apache-2.0",
    "the apache software license, version 2.0": "Apache-2.0",
    "https://www.apache.org/licenses/license-2.0": "Apache-2.0",
    "https://www.apache.org/licenses/license-2.0.txt": "Apache-2.0",
    "http://www.apache.org/licenses/license-2.0.txt": "Apache-2.0",
    "http://www.apache.org/licenses/license-2.0.html": "Apache-2.0",
    "https://opensource.org/licenses/bsd-2-clause": "BSD-2-Clause",
    "bsd 2-clause license": "BSD-2-Clause",
    "3-clause bsd license": "BSD-3-Clause",
    "bsd-3-clause": "BSD-3-Clause",
    "mit": "MIT",
    "mit license": "MIT",
    "the mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "mpl-2.0": "MPL-2.0",
    "psf-2.0": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
    "sil open font license 1.1 (ofl-1.1)": "OFL-1.1",
    "gnu lesser general public license v2 or later (lgplv2+)": "LGPL-2.1-or-later",
    "gnu general public license v2 (gplv2)": "GPL-2.0-only",
    "mit or apache-2.0": "MIT OR Apache-2.0",
    "apache-2.0 or mit": "MIT OR Apache-2.0",
}


@dataclass(frozen=True)
class Component:
    kind: str
    name: str
    version: str
    licence: str | None = None
    sha256: str | None = None
    # Go's own hash of a module, which is none of the file that is fetched.
    sum: str | None = None

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.name}"

    @property
    def purl(self) -> str:
        kinds = {PYTHON: "pypi", OWN: "pypi", DEBIAN: "deb/debian", JAR: "maven", GO: "golang"}
        return f"pkg:{kinds[self.kind]}/{self.name.replace(':', '/')}@{self.version.replace('+', '%2B')}"


def spdx(text: str | None) -> str | None:
    return SPDX.get(text.strip().strip('"').lower()) if text else None


def licence_of_distribution(metadata: Message) -> str | None:
    """As the metadata of a distribution tells it: the expression, else a classifier that says enough, else the old field."""
    if expression := metadata.get("License-Expression"):
        return str(expression)
    classifiers = [line.rpartition(" :: ")[2] for line in metadata.get_all("Classifier") or () if line.startswith("License ::")]
    known = sorted({found for text in classifiers if (found := spdx(text))})
    return " OR ".join(known) or spdx(metadata.get("License"))
