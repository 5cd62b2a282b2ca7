"""Parses the topic tables into records."""

from dataclasses import dataclass

from . import topics_land, topics_town


@dataclass(frozen=True)
class Setting:
    """A place with its people and the requests heard there."""

    where: str
    place: str
    roles: tuple[str, ...]
    requests: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Topic:
    """One subject of the world: what may become of it, what went wrong, what is known."""

    setting: Setting
    subject: str
    plural: bool
    good: tuple[str, ...]
    bad: tuple[str, ...]
    setbacks: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _pairs(cell: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for part in _list(cell):
        left, right = part.split("=")
        pairs.append((left.strip(), right.strip()))
    return tuple(pairs)


def parse(text: str) -> list[Topic]:
    """Topics in file order; raises ValueError naming the line on a wrong column count."""
    topics: list[Topic] = []
    setting: Setting | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.lstrip("@").split("|")]
        if line.startswith("@"):
            if len(cells) != 4:
                raise ValueError(f"topics line {number}: 4 cells expected, got {len(cells)}")
            roles = tuple(role.strip() for role in cells[2].split(","))
            setting = Setting(cells[0], cells[1], roles, _pairs(cells[3]))
            continue
        if len(cells) != 6 or setting is None:
            raise ValueError(f"topics line {number}: 6 cells under a setting expected, got {len(cells)}")
        topics.append(
            Topic(
                setting, cells[0], cells[1] == "p", _list(cells[2]), _list(cells[3]), _list(cells[4]), _pairs(cells[5])
            )
        )
    return topics


TOPICS = parse(topics_land.TEXT) + parse(topics_town.TEXT)
