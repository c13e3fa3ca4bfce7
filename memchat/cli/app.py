"""The command line: global flags, the command that is wanted and nothing else imported, and the outermost handler.

Each command module offers `COMMANDS`: a name to a function (one command) or to a `typer.Typer` (a noun with verbs).
"""

import copy
import importlib
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from memchat.cli import completing, ending
from memchat.cli.passphrase import asker
from memchat.cli.routes import COMMANDS, before_dashes, route, with_default
from memchat.cli.streams import is_terminal
from memchat.cli.terminal import Screen
from memchat.errors import ConfigError, MemchatError, StoreError, UsageError

if TYPE_CHECKING:
    from memchat.bootstrap import App

# Newer typers carry a click of their own, older ones use the package: its classes are reached through typer's.
_ClickError: type[Exception] = typer.BadParameter.__mro__[2]
BROKEN_PIPE = 141  # what a shell reports for a tool that died of SIGPIPE
INTERRUPTED = 130
# Nouns whose verbs open the database, and the verbs among them that are about what is in it already.
_STORED = frozenset({"profile", "memory", "sessions", "tombstones"})
_NEEDS_DB = frozenset({"show", "list", "get", "history", "rename"})


class _InterruptedError(MemchatError):
    """Ctrl-C, as scripts that asked for JSON read it; people know what they pressed."""

    code = "interrupted"
    exit_code = INTERRUPTED


class State:
    """One run of the command line, in every command's `ctx.obj`: the screen, the global flags, and the app.

    `flags` are settings given as flags, `{"model.name": ...}`; a command fills them before it first asks for `app`.
    """

    def __init__(self, screen: Screen, environ: Mapping[str, str]) -> None:
        self.screen = screen
        self.environ = environ
        self.json = False
        self.debug = False
        self.db: Path | None = None
        self.config: Path | None = None
        self.makes_config = False  # this command may write the file that `--config` names
        self.needs_db = False  # this command has no use for a new database
        self.flags: dict[str, object] = {}
        self.given: Iterable[str] = ()  # keys that were read, which no traceback shall show
        self._app: App | None = None

    @property
    def app(self) -> "App":
        """Settings and everything built from them; opened when it is first asked for."""
        if self._app is None:
            from memchat.bootstrap import open_app

            self._check_named()
            self._app = open_app(self.environ, flags=self.flags, config_file=self.config, db=self.db)
            self._app.makes_db = not self.needs_db
            self._app.unlock.ask = asker(self.screen)
            self.screen.theme = self._app.settings.ui.theme
            self.screen.ascii_wanted = self._app.settings.ui.ascii == "on"
        return self._app

    def _check_named(self) -> None:
        """Refuse a mistyped file: without it other settings would hold, or an empty database would answer."""
        if self.config is not None and not self.makes_config and _missing(self.config):
            hint = f"Check the path after --config, or make it: memchat setup --config {self.config}"
            raise ConfigError(f"There is no configuration at {self.config}.", hint)
        if self.db is not None and self.needs_db and _missing(self.db):
            raise StoreError(f"There is no database at {self.db}.", "Check the path after --db.")

    def close(self) -> None:
        """Close the app if it was opened."""
        app, self._app = self._app, None
        if app is not None:
            self.given = getattr(app.__dict__.get("keys"), "given", ())
            app.close()

    def accept(self, flag: str, value: Any) -> None:
        """Take over a global flag, wherever on the command line it stood."""
        if flag in {"quiet", "plain"}:
            setattr(self.screen, flag, True)
        else:
            setattr(self, flag, value)


def _missing(path: Path) -> bool:
    try:
        return not path.expanduser().exists()
    except (OSError, RuntimeError):  # what may not be looked at is told by what opens it
        return False


def run(argv: Sequence[str], environ: Mapping[str, str] | None = None) -> int:
    """Run `memchat argv` and return its exit code, be it one that the system told to go."""
    with ending.heard():
        code = _run(argv, environ)
    return ending.exit_code(code)


def _run(argv: Sequence[str], environ: Mapping[str, str] | None) -> int:
    """The same: the outermost handler of everything that can go wrong."""
    environ = dict(os.environ) if environ is None else environ  # as it is now: libraries are kept from parts of it
    screen = Screen(environ)
    state = State(screen, environ)
    options = before_dashes(argv)
    # Known before anything is parsed: an error in the words themselves is already told in the wanted form.
    state.json, state.debug = "--json" in options, "--debug" in options
    try:
        try:
            code = _invoke(list(argv), state)
        finally:
            state.close()
        screen.flush()
    except KeyboardInterrupt:
        if state.json:
            return _failed(state, _InterruptedError(ending.words(), "Run it again."))
        if is_terminal(screen.stderr):  # the shell's prompt shall not stand behind a question
            screen.trace("\n")
        return INTERRUPTED
    except BrokenPipeError:
        screen.abandon(screen.stdout, screen.stderr)
        return BROKEN_PIPE
    except SystemExit as exit_:  # shell completion ends so
        return exit_.code if isinstance(exit_.code, int) else 0
    except Exception as error:  # noqa: BLE001 - the outermost handler: nobody is above it to show a bug to
        return _failed(state, error)
    return code


def _invoke(argv: list[str], state: State) -> int:
    """Find and run the command; its result is the exit code, None is 0."""
    root = _root()
    if "_MEMCHAT_COMPLETE" in state.environ:  # the words to complete are in the environment
        root.main(args=argv, prog_name="memchat", obj=state)
        return 0
    screen = state.screen
    if (shell := completing.wanted(argv)) is not None:
        completing.run(screen, *shell)
        return 0
    words = route(argv, piped=screen.piped, can_chat=screen.can_ask)
    try:
        with root.make_context("memchat", words, obj=state) as context:
            result = root.invoke(context)
    except typer.Exit as exit_:
        return exit_.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    return result if isinstance(result, int) else 0


def _failed(state: State, error: Exception) -> int:
    """Tell an error as the person or the script wants it, and give its exit code."""
    told = _told(error)
    told.exit_code = ending.exit_code(told.exit_code)
    if state.debug:
        import traceback

        from memchat.cli.scrubbing import scrubbed  # providers repeat a key in what they say of it

        state.screen.trace(scrubbed("".join(traceback.format_exception(error)), state.environ, state.given))
    try:
        if state.json:
            state.screen.json_error(told)
        else:
            state.screen.error(told)
        state.screen.flush()
    except (MemchatError, OSError):  # nothing can be printed any more: the exit code alone must tell it
        state.screen.abandon(state.screen.stdout, state.screen.stderr)
    return told.exit_code


def _told(error: Exception) -> MemchatError:
    """Any exception as an error with a message and a hint."""
    if isinstance(error, MemchatError):
        return error
    if isinstance(error, _ClickError):
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else "memchat"
        message = getattr(error, "format_message", error.__str__)()
        return UsageError(message, f"{path} --help shows how it is used.")
    if isinstance(error, UnicodeEncodeError) and "\udc80" <= error.object[error.start] <= "\udcff":
        return UsageError("A word of the command is not valid UTF-8.", "Check the terminal's encoding.")
    # The exception's own words may hold what somebody wrote: only its type is told.
    return MemchatError(f"memchat failed: {type(error).__name__}", "Run it again with --debug to see where.")


def _take(ctx: typer.Context, param: typer.CallbackParam, value: Any) -> Any:
    """Hand a global flag to the state; one that was not given changes nothing."""
    if value and param.name and isinstance(ctx.obj, State) and not ctx.resilient_parsing:
        ctx.obj.accept(param.name, value)
    return value


def _tell_version(ctx: typer.Context, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from memchat import __version__

        ctx.obj.screen.out(f"memchat {__version__}")
        raise typer.Exit


def _everywhere(
    *,
    json: Annotated[bool, typer.Option("--json", callback=_take, help="Print one JSON document.")] = False,
    db: Annotated[Path | None, typer.Option("--db", callback=_take, metavar="FILE", help="Another database.")] = None,
    config: Annotated[
        Path | None, typer.Option("--config", callback=_take, metavar="FILE", help="Another configuration.")
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", callback=_take, help="No colour, no line editing.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", callback=_take, help="No notices.")] = False,
    debug: Annotated[bool, typer.Option("--debug", callback=_take, help="Tell errors with a traceback.")] = False,
    version: Annotated[
        bool, typer.Option("-V", "--version", callback=_tell_version, is_eager=True, help="The version, then exit.")
    ] = False,
) -> None:
    """A chat that remembers you, in one file on this computer.

    Alone it opens a chat. `memchat "a question"` and `... | memchat` answer once.
    """


class _Noun(TyperGroup):
    """A noun with verbs; alone it lists or shows."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not ctx.resilient_parsing:  # the shell completing words must see the verbs, not the default one
            default = "list" if "list" in self.commands else "show"
            args = with_default(args, self.commands, default, ctx.info_name or "")
            ctx.obj.needs_db = ctx.info_name in _STORED and args[0] in _NEEDS_DB
        return super().parse_args(ctx, args)


class _Root(completing.Listed):
    """All commands by name; one is imported when it is asked for."""

    def load(self, name: str) -> Any:
        return _load(name, self.params)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """The list of commands from the table, the chat's own flags, and those that work everywhere."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].help) for name in self.list_commands(ctx)])
        own = [param for param in self.get_command(ctx, "chat").params if param.expose_value]
        for title, params in (("Chat", own), ("Everywhere", self.params)):
            records = [param.get_help_record(ctx) for param in params]
            with formatter.section(title):
                formatter.write_dl([record for record in records if record is not None])


def _root() -> Any:
    """The command `memchat` with its global flags; no command module is imported."""
    app = typer.Typer(
        cls=_Root,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        subcommand_metavar="[COMMAND | TEXT] ...",
    )
    app.callback()(_everywhere)
    return typer.main.get_command(app)


def _load(name: str, root_params: Sequence[Any]) -> Any:
    """Import the module of one command and build it, with the global flags accepted by it and by its verbs."""
    found = importlib.import_module(f"memchat.cli.{COMMANDS[name].module}").COMMANDS[name]
    if isinstance(found, typer.Typer):
        found.rich_markup_mode = None
        found.info.cls = _Noun
        command: Any = typer.main.get_group(found)
    else:
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(name)(found)
        command = typer.main.get_command(single)
    command.name = name
    flags = [_hidden(param) for param in root_params if param.name in _everywhere.__annotations__]
    for each in (command, *getattr(command, "commands", {}).values()):
        taken = {option for param in each.params for option in param.opts}
        each.params.extend(flag for flag in flags if not taken & set(flag.opts))
    return command


def _hidden(param: Any) -> Any:
    """A global flag as a command takes it: it reaches the state, not the function, and only `--json` is shown."""
    flag = copy.copy(param)
    flag.expose_value = False
    flag.hidden = "--json" not in flag.opts
    return flag
