"""Forgetting on the full screen: the plan, the question, the receipt; the same act as `memchat forget`."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from memchat.actions import forgetting
from memchat.actions.forgetting import Plan, Receipt, Wanted
from memchat.cli import editor, forget_view
from memchat.cli.browse.bars import Line
from memchat.cli.browse.errands import Errands
from memchat.cli.browse.painting import Pane, error, text
from memchat.cli.browse.scrolling import Lines, Page
from memchat.cli.browse.view import Desk, Detail
from memchat.cli.layout import MARGIN, prose
from memchat.cli.wrapping import wrap
from memchat.errors import MemchatError
from memchat.ports import Store

NOTHING = "Nothing was erased. To erase, type the whole word: yes"
_LOOKING = "Looking for all that holds it..."
_ERASING = "Erasing, and looking whether anything is left..."
_DONE = "Enter, Esc or q goes back."


class Forgetting(Page):
    """What would go, and after the whole word yes what came of it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave"), Binding("q,enter", "done")]

    def __init__(self, desk: Desk, errands: Errands, pane: Pane, ref: str) -> None:
        super().__init__(pane)
        self._desk = desk
        self._errands = errands
        self._wanted = Wanted(refs=(ref,))
        self._plan: Plan | None = None
        self._busy = True
        self._done = False

    def compose(self) -> ComposeResult:
        """The plan, a line that tells what is going on, and the question below."""
        yield Lines(id="plan")
        yield Static(id="notice")
        with Vertical(id="prompt"):
            yield Static(id="question")
            with Horizontal(classes="typed"):
                yield Static("> ", classes="mark", markup=False)
                yield Line(id="answer")

    def on_mount(self) -> None:
        """Look what would go."""
        self._tell(_LOOKING)
        self.run_worker(self._look())

    def on_resize(self) -> None:
        """Fold it anew."""
        if self._plan is not None and not self._done:
            self._show(self._plan)
            self._question()

    @property
    def erasing(self) -> bool:
        """Whether the answer was yes, and the act is not over."""
        return self._busy and self._plan is not None

    def action_leave(self) -> None:
        """Leave all as it is; what is being erased is waited for."""
        if not self._busy:
            self.dismiss("" if self._done or self._plan is None else NOTHING)

    def action_done(self) -> None:
        """Go back once there is nothing to answer."""
        if not self._busy and (self._done or self._plan is None):
            self.dismiss("")

    def action_leave_line(self) -> None:
        """Leave all as it is."""
        self.action_leave()

    def on_input_submitted(self, event: Line.Submitted) -> None:
        """`yes`, `yes without s14.3`, or anything else, which changes nothing."""
        event.stop()
        if self._busy or self._plan is None:
            return
        left = forget_view.left_out(event.value)
        if not left and not forget_view.agreed(event.value):
            self.dismiss(NOTHING)
            return
        self._busy = True
        self._ask(shown=False)
        self._tell(_ERASING)
        self.run_worker(self._erase(self._plan, left))

    async def _look(self) -> None:
        now = self._desk.now()
        try:
            self._plan = await self._errands.run(
                lambda store: forgetting.plan(store, self._desk.fields, self._wanted, now)
            )
        except MemchatError as failure:
            self._fail(failure)
            return
        self._busy = False
        self._show(self._plan)
        self._tell("")
        self._ask(shown=True)

    async def _erase(self, plan: Plan, left: tuple[str, ...] | None) -> None:
        desk = self._desk
        state = desk.app.paths.state

        def act(store: Store) -> Receipt:
            wanted = plan
            if left:
                wanted = forgetting.plan_without(store, desk.fields, plan, self._wanted, left, desk.now())
            return forgetting.erase(store, wanted, desk.app.clock.now(), files=editor.drafts(state))

        try:
            done = await self._errands.run(act)
        except MemchatError as failure:
            self._fail(failure)
            return
        self._done = True
        self._end(forget_view.receipt(self.whole, done, desk.now(), drafts=editor.kept(state), in_chat=True))

    def _fail(self, failure: MemchatError) -> None:
        """Nothing was erased: say why, and let go back."""
        self._plan = None
        self._end(["", *error(self.whole, failure)])

    def _end(self, lines: list[str]) -> None:
        self._busy = False
        self.reading.show(Detail(lines))
        self._tell(_DONE)
        self.set_focus(None)

    def _show(self, planned: Plan) -> None:
        self.reading.show(Detail(forget_view.plan(self.whole, planned, self._desk.now(), in_chat=True)))

    def _tell(self, line: str) -> None:
        self.query_one("#notice", Static).update(text(prose(self.whole, line) if line else []))

    def _ask(self, *, shown: bool) -> None:
        self.query_one("#prompt").display = shown
        if shown:
            self._question()
            self.set_focus(self.query_one("#answer", Line))

    def _question(self) -> None:
        lines = [MARGIN + line for line in wrap(forget_view.QUESTION, self.size.width - len(MARGIN))]
        self.query_one("#question", Static).update(text(lines))
