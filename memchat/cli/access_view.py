"""Who else may get at what memchat keeps, as doctor tells it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from memchat.actions.access import Seen, State
from memchat.cli.layout import GAP, entry

if TYPE_CHECKING:
    from memchat.cli.json_view import Json
    from memchat.cli.terminal import Screen

LABEL = "Access"
CELLS = len("Database") + GAP  # doctor's column
PRIVATE = "only you can read what memchat keeps"


def access(screen: "Screen", seen: Sequence[Seen]) -> list[str]:
    """A line or more for each thing to say, and that all is well where it is."""
    well = all(one.state in {State.LINK, State.NAMES} for one in seen)
    told = ([PRIVATE] if well else []) + [_told(one) for one in seen]
    return [line for place, text in enumerate(told) for line in entry(screen, LABEL if not place else "", text, CELLS)]


def access_json(seen: Sequence[Seen]) -> "list[Json]":
    """The same for scripts; rights in octal, as chmod takes them."""
    return [
        {
            "path": str(one.path),
            "state": one.state.value,
            "mode": f"{one.mode:04o}" if one.mode else None,
            "target": str(one.target) if one.target else None,
        }
        for one in seen
    ]


def _told(one: Seen) -> str:
    rights = f"{one.mode:04o}"
    if one.state is State.CLOSED:
        return f"{one.path} was open to others ({rights}); now only you can read it."
    if one.state is State.OPEN and one.path.name == "keys.json":
        new = "if others use this computer, ask the provider for new keys"
        return f"{one.path} is open to others ({rights}). chmod 600 {one.path}; {new}."
    if one.state is State.OPEN:
        return f"{one.path} is open to others ({rights}). Now: chmod 700 {one.path}"
    if one.state is State.FOREIGN:
        return f"{one.path} belongs to another user, who can read and change what is in it."
    if one.state is State.NAMES:
        return f"{one.path} has {one.names} names (hard links); encrypt wants one."
    return f"{one.path} is a link to {one.target}"
