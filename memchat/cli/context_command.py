"""memchat context: what a message would show the model, or what a past turn was shown; no model is asked."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from memchat.actions import context as looking
from memchat.cli import attachments, context_view, host_question, recall_json, receipts, search_view
from memchat.cli.app import State
from memchat.cli.ask_input import gather
from memchat.cli.chat_commands import (
    Continue,
    Files,
    Incognito,
    Local,
    Model,
    Named,
    NoLearn,
    Prompt,
    Stateless,
    System,
    keep_local,
    mode_of,
    request_of,
    resume_of,
)
from memchat.cli.file_reading import read_bytes
from memchat.cli.one_shot import piped_in
from memchat.cli.profile_commands import local_now, print_lines
from memchat.domain import Part, SessionKind
from memchat.errors import UsageError
from memchat.memory import attaching

if TYPE_CHECKING:
    from memchat.bootstrap import ChatRequest

RAW = "Leave out --raw: that tells what it was shown of memory. Before it is sent: memchat context --raw PROMPT"


def context(  # noqa: PLR0913 - one parameter a flag is how typer reads a command
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
    stateless: Stateless = False,
    last: Annotated[bool, typer.Option("--last", help="What the newest turn really was shown.")] = False,
    turn: Annotated[str, typer.Option("--turn", metavar="ID", help="What that turn was shown: s17.4.")] = "",
    raw: Annotated[bool, typer.Option("--raw", help="The request itself, as JSON.")] = False,
) -> None:
    """Show what would be sent for PROMPT, by zone, with what each part costs. Nothing is sent or saved."""
    state: State = ctx.obj
    if last or turn:
        if raw:
            raise UsageError("What was sent is not kept word for word.", RAW)
        asking = any((prompt, model, system, file, incognito, no_learn, local, stateless))
        _past(state, _which(last, turn, newest, session, asking=asking))
        return
    state.needs_db = not (incognito or stateless)
    keep_local(state, local)
    mode = mode_of(incognito, no_learn=no_learn, stateless=stateless)
    resume = resume_of(newest, session, mode)
    kind = SessionKind.CHAT if resume else SessionKind.ONESHOT  # as ask does it
    request = request_of(model, None, system, mode, resume, kind)
    _ahead(state, request, _parts(state, prompt, tuple(file or ())), raw=raw)


def _parts(state: State, prompt: list[str] | None, files: tuple[Path, ...]) -> tuple[Part, ...]:
    """The question; nothing where none is asked. Raises UsageError as `ask` does."""
    words = None if prompt is None else " ".join(prompt)
    stdin = piped_in(state, words)
    if words is None and not files:
        piped = read_bytes(stdin, "stdin") if stdin else b""
        if not piped.strip():
            return ()
        stdin = io.BytesIO(piped)
    return gather(words, files, stdin)


def _ahead(state: State, request: "ChatRequest", parts: tuple[Part, ...], *, raw: bool) -> None:
    """What would be sent."""
    from memchat.llm.messages import render, tool_list

    app, screen = state.app, state.screen
    _check(state, request, parts)
    seen = app.look_ahead(request, parts)
    messages = render(seen.context)
    if not seen.question and not seen.context.tail:
        messages.pop()  # nobody says nothing
    if raw:
        screen.json(recall_json.body_json(seen.model, messages, tool_list(seen.tools)))
    elif state.json:
        screen.json(recall_json.outlook_json(seen, messages))
    else:
        print_lines(state, context_view.outlook(screen, seen, seen.context.now))
    if seen.masked:
        screen.note(receipts.masked(seen.masked))
    for line in (*search_view.trouble(screen, seen.context.trouble), *host_question.notes(app)):
        screen.note(line)


def _check(state: State, request: "ChatRequest", parts: tuple[Part, ...]) -> None:
    """Raises what `ask` raises for what the model cannot take: then nothing would go to it."""
    from memchat.bootstrap.models import counter_for
    from memchat.bootstrap.request import limits

    app = state.app
    if attaching.passed_on(parts):
        model = app.model(request.model, request.options)
        reader = attachments.Reader(model, counter_for(model).count, limits(app.settings))
        attachments.check(app, reader, parts)


def _which(last: bool, turn: str, newest: bool, session: str | None, *, asking: bool) -> str:
    """The conversation or turn whose past is looked at; empty for the newest turn of all. Raises UsageError."""
    if asking:
        raise UsageError(
            "--last and --turn show what was, so there is nothing to ask.", "Leave out the prompt and its flags."
        )
    if turn and (last or newest or session is not None):
        raise UsageError("--turn names one turn of one conversation.", "Leave out --last, -c and --session.")
    if turn:
        return looking.turn_of(turn)
    return resume_of(newest, session, None) or ""


def _past(state: State, ref: str) -> None:
    """What really was shown."""
    state.needs_db = True
    past = looking.shown(state.app.store, ref)
    if state.json:
        state.screen.json(recall_json.shown_json(past))
    else:
        print_lines(state, context_view.shown(state.screen, past, local_now(state)))


COMMANDS = {"context": context}
