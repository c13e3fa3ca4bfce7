"""memchat (the chat) and memchat ask (one question, one answer): their flags, and what these mean."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from memchat.cli.app import State
from memchat.cli.ask_input import argument, parse_options
from memchat.cli.file_reading import read_file
from memchat.domain import INCOGNITO, NO_LEARN, STATELESS, Mode, Part, SessionKind
from memchat.errors import UsageError

if TYPE_CHECKING:
    from memchat.bootstrap import ChatRequest

# What both commands take
Model = Annotated[str | None, typer.Option("-m", "--model", metavar="NAME", help="Who answers this time.")]
Continue = Annotated[bool, typer.Option("-c", "--continue", help="Go on with the newest conversation.")]
Named = Annotated[
    str | None, typer.Option("--session", metavar="ID|NAME", help="Go on with this one; a new name starts one.")
]
System = Annotated[str, typer.Option("-s", "--system", metavar="TEXT", help="Instructions beside memchat's own.")]
Files = Annotated[
    list[Path] | None,
    typer.Option("-f", "--file", metavar="PATH", help="A text or picture to send with it; repeatable."),
]
Incognito = Annotated[bool, typer.Option("--incognito", help="Memory is neither read nor written; nothing is kept.")]
NoLearn = Annotated[bool, typer.Option("--no-learn", help="Kept as a conversation; nothing is learned from it.")]
Local = Annotated[bool, typer.Option("--local", help="Refuse any model that is not on this computer.")]
Options = Annotated[
    list[str] | None,
    typer.Option("-o", "--option", metavar="KEY=VALUE", help="An option of the model's, as temperature=0; repeatable."),
]
Vi = Annotated[bool, typer.Option("--vi", help="vi keys at the prompt.")]

# What only `ask` takes
Prompt = Annotated[list[str] | None, typer.Argument(metavar="[PROMPT]", help="- reads it from stdin.")]
UnseenVi = Annotated[bool, typer.Option("--vi", hidden=True)]
Stateless = Annotated[
    bool, typer.Option("--stateless", help="No memory, no date, nothing kept: same input, same request.")
]
NoStream = Annotated[bool, typer.Option("--no-stream", help="Print the answer in one piece, at its end.")]
Extract = Annotated[bool, typer.Option("-x", "--extract", help="Only the answer's last code block.")]
ShowUsage = Annotated[bool, typer.Option("-u", "--usage", help="Tell tokens and cost on stderr.")]
NoWait = Annotated[
    bool, typer.Option("--no-wait", help="Leave with the answer; else up to 2 s go into summing up what waits.")
]
Reasoning = Annotated[bool, typer.Option("--reasoning", help="Show the model's reasoning, too.")]


def chat(  # noqa: PLR0913 - one parameter a flag is how typer reads a command
    ctx: typer.Context,
    *,
    model: Model = None,
    newest: Continue = False,
    session: Named = None,
    system: System = "",
    file: Files = None,
    incognito: Incognito = False,
    no_learn: NoLearn = False,
    local: Local = False,
    option: Options = None,
    vi: Vi = False,
) -> int:
    """Chat. Lines that begin with / are commands; /help lists them."""
    state: State = ctx.obj
    keep_local(state, local)
    mode = mode_of(incognito, no_learn=no_learn)
    request = request_of(model, option, system, mode, resume_of(newest, session, mode))
    return _chat(state, request, [read_file(path) for path in file or ()], vi=vi)


def ask(  # noqa: PLR0913 - one parameter a flag is how typer reads a command
    ctx: typer.Context,
    *,
    prompt: Prompt = None,
    model: Model = None,
    newest: Continue = False,
    session: Named = None,
    system: System = "",
    file: Files = None,
    incognito: Incognito = False,
    no_learn: NoLearn = False,
    local: Local = False,
    option: Options = None,
    vi: UnseenVi = False,
    stateless: Stateless = False,
    no_stream: NoStream = False,
    extract: Extract = False,
    usage: ShowUsage = False,
    no_wait: NoWait = False,
    reasoning: Reasoning = False,
) -> None:
    """Ask one question. Piped text goes before it; the answer alone goes to stdout."""
    from memchat.cli.one_shot import Question, run

    state: State = ctx.obj
    del vi  # taken, as the chat takes one
    keep_local(state, local)
    mode = mode_of(incognito, no_learn=no_learn, stateless=stateless)
    resume = resume_of(newest, session, mode)
    kind = SessionKind.CHAT if resume else SessionKind.ONESHOT  # -c goes on with the newest of both kinds
    request = request_of(model, option, system, mode, resume, kind)
    words = None if prompt is None else " ".join(prompt)
    live = not (no_stream or extract or state.json)
    how = Question(request, words, tuple(file or ()), live, extract, usage, reasoning, wait=not no_wait)
    run(state, how)


def _chat(state: State, request: "ChatRequest", attached: Sequence[Part], *, vi: bool) -> int:
    """Ask what was never answered, then chat until the person leaves."""
    if not state.screen.can_ask:
        raise UsageError("A chat needs a terminal, and there is none.", 'To ask one question: memchat ask "..."')
    from memchat.cli import repl
    from memchat.cli.setup_questions import first_run

    first = first_run(state.app, state.screen, model=request.model, mode=request.mode)
    return repl.run(
        state.app, request, state.screen, carry=first.carry, vi=vi, greet=not first.asked, attached=attached
    )


def keep_local(state: State, local: bool) -> None:
    """`--local`, as the setting it stands for."""
    if local:
        state.flags["privacy.local_only"] = True


def mode_of(incognito: bool, *, no_learn: bool, stateless: bool = False) -> Mode | None:
    """The strictest of the modes that were asked for."""
    if stateless:
        return STATELESS
    return INCOGNITO if incognito else NO_LEARN if no_learn else None


def resume_of(newest: bool, session: str | None, mode: Mode | None) -> str | None:
    """None for a new conversation, empty for the newest one, else an id or a name.

    Raises UsageError, also for a mode that keeps nothing and so has no conversation to go on with.
    """
    if session is None and not newest:
        return None
    if session is not None and newest:
        raise UsageError("-c and --session both say which conversation to go on with.", "Leave one of them out.")
    if mode is not None and not mode.saves:
        raise UsageError(
            f"--{mode.name} keeps nothing, so there is no conversation to go on with.",
            f"Leave out -c and --session, or --{mode.name}.",
        )
    if session is None:
        return ""
    if not session.strip():
        raise UsageError("--session needs an id or a name.", "Ids and names: memchat sessions list")
    return argument(session, "--session")


def request_of(
    model: str | None,
    options: Sequence[str] | None,
    system: str,
    mode: Mode | None,
    resume: str | None,
    kind: SessionKind = SessionKind.CHAT,
) -> "ChatRequest":
    """How the conversation is to be opened; raises UsageError for an option that is none."""
    from memchat.bootstrap import ChatRequest

    return ChatRequest(model, parse_options(options or ()), argument(system, "-s"), mode, kind, resume)


COMMANDS: dict[str, Callable[..., int | None]] = {"chat": chat, "ask": ask}
