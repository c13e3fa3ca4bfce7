"""The full input line: its keys, completion and bottom line, on prompt-toolkit."""

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, ThreadedCompleter, merge_completers
from prompt_toolkit.document import Document
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples, fragment_list_to_text
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput
from prompt_toolkit.layout.utils import explode_text_fragments
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.styles import Style
from prompt_toolkit.validation import ValidationError, Validator

from memchat.cli.argument_completion import completers
from memchat.cli.cells import clean, cut, one_line, whole_characters
from memchat.cli.conversation import Conversation
from memchat.cli.elsewhere import IDLE
from memchat.cli.ending import EndedError
from memchat.cli.file_completion import FileCompleter, completes
from memchat.cli.folded_pastes import FoldedPastes
from memchat.cli.keyboard import Interrupts
from memchat.cli.pasted import Line, PastedSpans, fence_open
from memchat.cli.prompt import PROMPT
from memchat.cli.slash import find, split
from memchat.cli.slash_commands import COMMANDS, edit_text
from memchat.cli.typed_history import TypedHistory
from memchat.errors import MemchatError

if TYPE_CHECKING:
    from prompt_toolkit.key_binding.key_processor import KeyPress

_MENU_ROWS = 8
_AFTER_CONTROLS = "\xa0"
_STYLE = {
    "prompt": "ansicyan",
    "bottom-toolbar": "noreverse",
    "status": "ansibrightblack",
    "validation-toolbar": "noreverse",
    "completion-menu": "bg:default fg:default noreverse",
    "completion-menu.completion": "bg:default fg:default",
    "completion-menu.completion.current": "bg:default fg:ansicyan noreverse bold",
    "completion-menu.meta.completion": "bg:default fg:ansibrightblack",
    "completion-menu.meta.completion.current": "bg:default fg:ansicyan",
    "scrollbar.background": "bg:default",
    "scrollbar.button": "bg:default",
}
_COLOURLESS = {"bottom-toolbar": "noreverse", "validation-toolbar": "noreverse"}


class LineEditor:
    """A `Prompt` for terminals; `drawn` is called once the first line is on the screen."""

    def __init__(self, chat: Conversation, *, vi: bool, drawn: Callable[[], None]) -> None:
        self._chat = chat
        self._pasted = PastedSpans()
        self._folded = FoldedPastes()
        self._pasting: int | None = None  # where, while the terminal pastes
        self._hint = ""
        self._session = self._open(vi)
        self._session.default_buffer.on_text_changed += self._changed

        def first_draw(_: object) -> None:
            self._session.app.after_render -= first_draw
            drawn()

        self._session.app.after_render += first_draw
        self._session.app.key_processor.before_key_press += lambda _: chat.typing.pressed()
        self._session.app.key_processor.before_key_press += lambda _: chat.summing_up.typed()

    def read(self, draft: Line) -> Line:
        """As `Prompt.read`."""
        self._pasted.begin(draft)
        self._folded.begin()
        self._ids.begin()
        if keys := self._chat.typing.take():
            self._feed(keys)
        try:
            return self._line(self._session.prompt(default=draft.text, pre_run=self._watch))
        except EndedError:  # the window closes: what stands in the line is kept, as Ctrl-C keeps it
            if (buffer := self._session.default_buffer).text.strip():
                buffer.append_to_history()
            raise

    def _feed(self, keys: bytes) -> None:
        """What was typed during the reply comes first, key by key, as if it had waited in the terminal."""
        from prompt_toolkit.input.typeahead import store_typeahead
        from prompt_toolkit.input.vt100_parser import Vt100Parser

        pressed: list[KeyPress] = []
        parser = Vt100Parser(pressed.append)
        parser.feed_and_flush(keys.decode("utf-8", "surrogateescape"))
        # A late answer about where the cursor was, to the prompt before this one: here it would move the line.
        store_typeahead(self._session.app.input, [one for one in pressed if one.key is not Keys.CPRResponse])

    def _watch(self) -> None:
        """Show what comes from another terminal above the line, while it is being written."""

        async def look() -> None:
            while True:
                await asyncio.sleep(IDLE)
                with suppress(MemchatError):  # whoever sends a message is told of it
                    if self._chat.elsewhere.waiting():
                        await run_in_terminal(self._chat.elsewhere.show)

        self._session.app.create_background_task(look())

    def _line(self, text: str) -> Line:
        line = self._folded.whole(Line(text, tuple(self._pasted.spans), small=tuple(self._pasted.small)))
        return replace(line, text=whole_characters(line.text))

    def _open(self, vi: bool) -> PromptSession[str]:
        screen = self._chat.screen
        self._ids, models = completers(self._chat)
        session: PromptSession[str] = PromptSession(
            [("class:prompt", PROMPT)],
            multiline=True,
            prompt_continuation="  ",
            editing_mode=EditingMode.VI if vi else EditingMode.EMACS,
            key_bindings=self._bindings(),
            history=TypedHistory(self._chat, lambda text: self._line(text).text),
            # Folders may be slow to read: not while the keys wait.
            completer=merge_completers([SlashCompleter(), self._ids, models, ThreadedCompleter(FileCompleter())]),
            complete_while_typing=Condition(lambda: completes(session.default_buffer.document.text_before_cursor)),
            reserve_space_for_menu=_MENU_ROWS,
            validator=SlashValidator(self._line),
            validate_while_typing=False,
            bottom_toolbar=self._toolbar,
            input_processors=[HiddenCharacters()],
            enable_suspend=True,
            include_default_pygments_style=False,
            color_depth=None if screen.colour else ColorDepth.DEPTH_1_BIT,
            style=Style.from_dict(_STYLE if screen.colour else _COLOURLESS),
        )
        return session

    def _toolbar(self) -> StyleAndTextTuples:
        cells = max(self._chat.screen.columns - 2, 1)
        return [("class:status", f" {cut(self._hint, cells) if self._hint else self._chat.status(cells)}")]

    def _changed(self, buffer: Buffer) -> None:
        self._hint = ""
        self._pasted.changed(buffer.text, pasted_at=self._pasting)

    def _bindings(self) -> KeyBindings:
        bindings = KeyBindings()
        bindings.add("enter")(self._send)
        bindings.add("c-j")(self._new_line)
        bindings.add("escape", "enter")(self._new_line)
        bindings.add("c-c")(self._interrupt)
        bindings.add("<sigint>")(self._interrupt)
        bindings.add("c-x", "c-e")(self._open_editor)
        bindings.add("backspace", filter=Condition(lambda: bool(self._mark())))(self._drop_mark)
        bindings.add(Keys.BracketedPaste)(self._paste)
        return bindings

    def _paste(self, event: KeyPressEvent) -> None:
        """What the terminal pastes goes in as the library does it, folded if it is long, and is known for a paste."""
        self._pasting = event.current_buffer.cursor_position
        pasted = event.data.replace("\r\n", "\n").replace("\r", "\n")
        event.current_buffer.insert_text(self._folded.fold(pasted))
        self._pasting = None

    def _mark(self) -> str:
        """The mark of a folded paste right before the cursor."""
        return self._folded.mark_before(self._session.default_buffer.document.text_before_cursor)

    def _drop_mark(self, event: KeyPressEvent) -> None:
        """Backspace takes it as one character."""
        event.current_buffer.delete_before_cursor(len(self._mark()))

    def _send(self, event: KeyPressEvent) -> None:
        """Enter: send what is there, unless an opened triple quote waits for its end."""
        buffer = event.current_buffer
        if fence_open(buffer.text):
            buffer.insert_text("\n")
        elif buffer.text.strip():
            buffer.validate_and_handle()

    def _new_line(self, event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    def _interrupt(self, event: KeyPressEvent) -> None:
        """Ctrl-C: the line goes, kept in the history; twice leaves."""
        buffer = event.current_buffer
        if buffer.text.strip():
            buffer.append_to_history()
        if buffer.text:  # whoever has typed since the last one does not mean to leave
            self._chat.interrupts = Interrupts()
        if self._chat.interrupts.hit():
            event.app.exit(exception=EOFError)
            return
        buffer.reset()
        self._pasted.begin()
        self._folded.begin()
        self._hint = "Ctrl-C again leaves"

    def _open_editor(self, event: KeyPressEvent) -> None:
        """Ctrl-X Ctrl-E: the line in the person's own editor, and back into the line."""
        buffer = event.current_buffer

        def edit() -> None:
            text, _ = edit_text(self._chat, self._line(buffer.text).text)
            # Written in an editor is written by hand, however much it is.
            self._pasted.changed(text, typed=True)
            buffer.document = Document(text)

        run_in_terminal(edit)


class SlashCompleter(Completer):
    """The commands whose names begin with what stands after the slash, each with its line of help."""

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Nothing once a name is complete and followed by a space."""
        begun = document.text_before_cursor
        found = split(begun)
        if found is None or any(char.isspace() for char in begun):
            return
        for command in COMMANDS:
            if command.name.startswith(found[0]):
                text = f"/{command.name} " if command.argument else f"/{command.name}"
                yield Completion(text, -len(begun), display=command.usage, display_meta=command.help)


class SlashValidator(Validator):
    """Keeps a command that is none in the line, with the nearest one named below it."""

    def __init__(self, line: Callable[[str], Line]) -> None:
        self._line = line

    def validate(self, document: Document) -> None:
        """Raises ValidationError."""
        found = self._line(document.text).command
        if found is None:
            return
        try:
            find(found[0], COMMANDS)
        except MemchatError as error:
            raise ValidationError(len(document.text), f" {one_line(error.message)} {one_line(error.hint)}") from None


class HiddenCharacters(Processor):
    """Shows characters that hide or turn text as their numbers, `<202e>`; the text of the line stays what it is.

    The library does so for control characters itself.
    """

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        """As the library asks, for one line of the input."""
        fragments = transformation_input.fragments
        text = fragment_list_to_text(fragments)
        if clean(text) == text:
            return Transformation(fragments)
        shown: StyleAndTextTuples = []
        starts = [0]
        for style, char, *_ in explode_text_fragments(fragments):
            hidden = char >= _AFTER_CONTROLS and clean(char) != char
            shown.append((style, f"<{ord(char):04x}>" if hidden else char))
            starts.append(starts[-1] + len(shown[-1][1]))
        last = len(starts) - 1

        def to_display(place: int) -> int:
            return starts[place] if place <= last else starts[last] + place - last

        def to_source(place: int) -> int:
            return bisect_right(starts, place) - 1 if place <= starts[last] else last + place - starts[last]

        return Transformation(shown, to_display, to_source)
