"""Completion in the person's shell: the script for each shell, and what is offered without importing any command."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

from memchat.cli.routes import ALIASES, COMMANDS, before_dashes
from memchat.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from memchat.cli.terminal import Screen

INSTALL, SHOW = "--install-completion", "--show-completion"
SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")
VARIABLE = "_MEMCHAT_COMPLETE"  # shells ask with it, as typer's scripts have it


class Listed(TyperGroup, ABC):
    """Commands of a table: a list of them needs only the table, and for what stands in for one the same is offered."""

    _listing = False

    def list_commands(self, ctx: Any) -> list[str]:
        """Those that people are told of, in the table's order."""
        return [name for name, entry in COMMANDS.items() if not entry.hidden]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command; while a shell lists them only its name and its line."""
        name = ALIASES.get(cmd_name, cmd_name)
        if self._listing and name in COMMANDS:
            return TyperCommand(name, short_help=COMMANDS[name].help, callback=None)
        if name not in self.commands and name in COMMANDS:
            self.commands[name] = self.load(name)
        return self.commands.get(name)

    @abstractmethod
    def load(self, name: str) -> Any:
        """The command of that name, imported."""

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Commands and flags; the chat is what flags without a command are for."""
        chat = self.get_command(ctx, "chat").shell_complete(ctx, incomplete) if incomplete.startswith("-") else []
        self._listing = True
        try:
            return [*super().shell_complete(ctx, incomplete), *chat]
        finally:
            self._listing = False


def wanted(argv: Sequence[str]) -> tuple[str, str] | None:
    """`--install-completion [SHELL]` or `--show-completion [SHELL]` among the words, with the shell; else None."""
    words = list(before_dashes(argv))
    for place, word in enumerate(words):
        option, equals, value = word.partition("=")
        if option in (INSTALL, SHOW):
            after = words[place + 1] if place + 1 < len(words) else ""
            return option, value if equals else "" if after.startswith("-") else after
    return None


def run(screen: "Screen", option: str, shell: str) -> None:
    """Print the script of a shell, or put it where that looks for it. Raises UsageError, ConfigError."""
    import typer.completion  # of newer typers it only passes these two on

    script, install = (getattr(typer.completion, name) for name in ("get_completion_script", "install"))
    shell = (shell or _own_shell()).casefold()
    if shell not in SHELLS:
        names = ", ".join(SHELLS[:-1])
        what = f"There is no completion for {shell}." if shell else "Which shell this is cannot be told."
        raise UsageError(what, f"Name one of {names}: memchat {option} bash")
    if option == SHOW:
        screen.out(script(prog_name="memchat", complete_var=VARIABLE, shell=shell))
        return
    try:
        _, path = install(shell=shell, prog_name="memchat", complete_var=VARIABLE)
    except (OSError, ValueError) as error:  # a file that may not be written, or is no UTF-8
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise ConfigError(
            f"Completion could not be installed: {reason}.", f"Put it there yourself: memchat {SHOW} {shell}"
        ) from error
    screen.note(f"Completion for {shell} is in {path}. It works in the next window.")


def _own_shell() -> str:
    """The shell that memchat was started from; empty where it cannot be told."""
    import shellingham  # type: ignore[import-untyped]  # - typer's, and it carries no types

    try:
        return str(shellingham.detect_shell()[0])
    except (shellingham.ShellDetectionFailure, OSError):
        return ""
