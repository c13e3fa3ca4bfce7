"""/sessions on a terminal: conversations to choose from, the end of the chosen one below them."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from prompt_toolkit import Application
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.styles import Style

from memchat.cli.cells import cut, one_line, pad, width
from memchat.cli.layout import day, folded, room

if TYPE_CHECKING:
    from memchat.cli.conversation import Conversation
    from memchat.domain import Session

_ROWS = 8
_PREVIEW = 5
_HELP = "Up and Down choose, Enter goes on with it, Esc leaves."
_STYLE = {"chosen": "ansicyan", "about": "ansibrightblack"}


class SessionPicker:
    """`pick` returns the session that a person chose, None where he left."""

    def __init__(self, chat: "Conversation", found: "Sequence[Session]") -> None:
        self._chat = chat
        self._found = found
        self._at = 0
        self._previews: dict[int, list[str]] = {}

    def pick(self) -> "Session | None":
        """Show them until Enter or Esc; nothing of it stays on the screen."""
        colour = self._chat.screen.colour
        picker: Application[bool] = Application(
            layout=Layout(Window(FormattedTextControl(self._shown, show_cursor=False), dont_extend_height=True)),
            key_bindings=self._bindings(),
            style=Style.from_dict(_STYLE if colour else {}),
            color_depth=None if colour else ColorDepth.DEPTH_1_BIT,
            erase_when_done=True,
        )
        picker.ttimeoutlen = 0.05
        return self._found[self._at] if picker.run() else None

    def _bindings(self) -> KeyBindings:
        bindings = KeyBindings()
        steps = {"up": -1, "c-p": -1, "k": -1, "down": 1, "c-n": 1, "j": 1, "pageup": -_ROWS, "pagedown": _ROWS}
        for key, step in steps.items():
            bindings.add(key)(self._move(step))
        bindings.add("home")(self._move(-len(self._found)))
        bindings.add("end")(self._move(len(self._found)))
        bindings.add("enter")(lambda event: event.app.exit(result=True))
        for key in ("escape", "q", "c-c", "c-d", "c-g"):
            bindings.add(key, eager=True)(lambda event: event.app.exit(result=False))
        return bindings

    def _move(self, step: int) -> Callable[[object], None]:
        def moved(_event: object) -> None:
            self._at = min(max(self._at + step, 0), len(self._found) - 1)

        return moved

    def _shown(self) -> StyleAndTextTuples:
        cells = room(self._chat.screen)
        first = min(max(self._at - _ROWS // 2, 0), max(len(self._found) - _ROWS, 0))
        lines: StyleAndTextTuples = []
        for place, session in enumerate(self._found[first : first + _ROWS], first):
            chosen = place == self._at
            lines.append(("class:chosen" if chosen else "", f"{'>' if chosen else ' '} {self._row(session, cells)}\n"))
        lines.append(("", "\n"))
        lines += [("class:about", f"  {line}\n") for line in self._preview(self._found[self._at], cells)]
        lines.append(("class:about", cut(f"\n  {_HELP}", cells + 3)))
        return lines

    def _row(self, session: "Session", cells: int) -> str:
        last = day(session.last_at, self._chat.now(), near=True)
        title = ": ".join(filter(None, (one_line(session.name), one_line(session.title) or "-")))
        left = cells - width(last) - 2
        return f"{pad(self._chat.screen.fit(f'{session.ref:6}{title}', left), left)}  {last}"

    def _preview(self, session: "Session", cells: int) -> list[str]:
        """The last words of a conversation, always as many rows: the list shall not jump."""
        if session.id not in self._previews:
            turn = self._chat.store.transcripts.last_turn(session.id)
            screen, lines = self._chat.screen, []
            if turn is not None:
                lines = folded(screen, f"> {one_line(turn.user.text)}", cells, lines=2)
                lines += folded(screen, one_line(turn.reply) or "[no reply]", cells, lines=_PREVIEW - len(lines))
            self._previews[session.id] = lines + [""] * (_PREVIEW - len(lines))
        return self._previews[session.id]
