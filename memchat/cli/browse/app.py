"""The full screen as Textual runs it: the terminal's own colours, the keys and what they are for, the way out."""

from typing import ClassVar

from textual.app import App as Program
from textual.binding import Binding, BindingType
from textual.worker import WorkerFailed

from memchat.bootstrap import App
from memchat.cli.browse.desktop import Desktop
from memchat.cli.browse.errands import Errands
from memchat.cli.browse.forgetting import Forgetting
from memchat.cli.browse.painting import Pane
from memchat.cli.browse.view import Desk
from memchat.cli.terminal import Screen

# No boxes, no bars, no colour but the terminal's own; a narrow screen has what stands beside a row below the list.
_STYLE = """
* { scrollbar-size: 0 0; background: ansi_default; color: ansi_default; }
Bar { height: 1; }
#tabs { margin-bottom: 1; }
#body { height: 1fr; layout: horizontal; }
#list { width: 48%; height: 100%; overflow-x: hidden; }
#detail, #plan, #help { width: 1fr; height: 1fr; overflow-x: hidden; }
.narrow #body { layout: vertical; }
.narrow #list { width: 100%; height: 45%; }
.narrow #detail { width: 100%; }
#notice { height: auto; max-height: 6; margin-top: 1; }
#prompt { height: auto; display: none; }
#question { height: auto; width: auto; }
.typed { height: 1; }
.mark { width: auto; padding-left: 2; }
Line, Line:focus { border: none; height: 1; padding: 0; width: 1fr; }
Line > .input--cursor { text-style: reverse; }
"""


class Browser(Program[None]):
    """`memchat browse`."""

    CSS = _STYLE
    TITLE = "memchat"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c,ctrl+q", "quit", "leave", priority=True, show=False),
    ]

    def __init__(self, app: App, screen: Screen) -> None:
        super().__init__(ansi_color=True)
        self.errands = Errands(app)
        self.pane = Pane(screen)
        self.desk = Desk(app)
        self.failure: BaseException | None = None

    def on_mount(self) -> None:
        """Show the memory."""
        self.push_screen(Desktop(self.desk, self.errands, self.pane))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Nobody leaves while something is erased: nothing stops that, and its receipt says what is still to do."""
        del parameters
        return action != "quit" or not (isinstance(self.screen, Forgetting) and self.screen.erasing)

    def _handle_exception(self, error: Exception) -> None:
        """End. Textual would print what the failing code held, and so what people wrote; `browse` raises it instead."""
        super()._handle_exception(error)
        self._exit_renderables.clear()
        self.failure = self.failure or (error.error if isinstance(error, WorkerFailed) else error)


def browse(app: App, screen: Screen) -> None:
    """Show the memory until the person leaves. Raises what ended it otherwise."""
    program = Browser(app, screen)
    try:
        program.run()
    finally:
        program.errands.close()
    if program.failure is not None:
        raise program.failure
