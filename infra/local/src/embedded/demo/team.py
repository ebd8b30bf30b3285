"""The people of one body who bring a matter from the task to the file."""

from dataclasses import dataclass

from embedded.demo.api import Actor
from embedded.demo.stage import Cast


@dataclass(frozen=True)
class Team:
    lead: Actor
    officer: Actor
    unit: Actor
    dep: Actor
    legal: Actor
    chief: Actor
    fin: Actor
    archivist: Actor
    keeper: Actor

    @property
    def both(self) -> str:
        return f"{self.lead.name}+{self.officer.name}"

    @property
    def ids(self) -> list[str]:
        return [self.lead.id, self.officer.id]


def dalingshan(cast: Cast) -> Team:
    """The branch of Dalingshan, and of the city bureau those who decide for it."""
    return Team(*(cast(name) for name in ("zhou", "wu", "zheng", "sun", "feng", "zhao", "chen", "han", "qin")))


def xiangzhou(cast: Cast) -> Team:
    """The district bureau of Xiangzhou."""
    return Team(*(cast(name) for name in ("liang", "song", "pan", "ye", "lin", "huang", "gao", "tan", "luo")))
