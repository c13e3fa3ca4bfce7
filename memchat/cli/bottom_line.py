"""The bottom line of the chat: who answers and where, which session, what the last request held, the mode."""

from typing import TYPE_CHECKING

from memchat.cli.terminal import Screen, cut, one_line, width

if TYPE_CHECKING:
    from memchat.chat.engine import ChatEngine
    from memchat.ports import ChatModel

# Less of a model's name than this tells nobody which one it is.
SHORTEST_NAME = 6
_MODES = {
    "normal": "remembering",
    "no-learn": "not learning",
    "conversations-only": "conversations only",
    "withheld": "memory stays here",
    "incognito": "incognito",
    "stateless": "nothing kept",
}


def line(engine: "ChatEngine", place: str, held: tuple[str, ...], screen: Screen, cells: int) -> str:
    """`qwen3 on this computer · s1 · context 12 % · memory 2 · remembering` in so many cells.

    Where they are few, the mode stays longest, then the place, then the session, then what the last request held; the
    model's name takes what is left.
    """
    mode, session, dot = engine.mode, engine.session, screen.frame(" · ")
    said, place, name = _MODES.get(mode.name, mode.name), one_line(place), one_line(engine.model.name)
    left = cells - width(said)
    placed = width(place) + len(dot) <= left
    left -= (width(place) + len(dot)) * placed
    parts = [said]
    if session is not None and mode.saves and len(session.ref) + len(dot) <= left:
        parts.insert(0, session.ref)
        left -= len(session.ref) + len(dot)
    if not placed:
        return cut(dot.join(parts), cells)
    room = sum(width(one) + len(dot) for one in held)
    if room + width(name) < left:
        parts[-1:-1] = held
        left -= room
    fits = left > min(width(name), SHORTEST_NAME)
    return (f"{screen.fit(name, left - 1)} " if fits else "") + dot.join((place, *parts))


def load(held: tuple[int, int] | None, model: "ChatModel") -> tuple[str, ...]:
    """`context 12 %` and `memory 2` of a request's tokens and its memories; nothing where nothing was sent."""
    if held is None or not model.host:
        return ()
    tokens, memories = held
    return f"context {100 * tokens / max(model.window, 1):.0f} %", f"memory {memories}"
