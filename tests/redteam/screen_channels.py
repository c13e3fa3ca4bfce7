"""How words get to the terminal and to the settings: exports, names of files, configuration, commands, the screen."""

import os

from memchat.cli.line_editor import HiddenCharacters
from memchat.cli.pasted import Line
from memchat.cli.stream_markdown import MarkdownStream, PlainStream
from memchat.cli.terminal import Screen
from memchat.errors import MemchatError

from tests.cli.screens import Tty
from tests.redteam.cases import Case
from tests.redteam.word_channels import SHOWS, after
from tests.redteam.world import EAGER, World


def export(world: World, case: Case) -> None:
    """The lines of a file that says it is an export."""
    path = world.home.parent / "theirs.jsonl"
    path.write_bytes(case.text.encode())
    world.files = world.elsewhere()
    assert world.run("import", str(path)) != 0
    world.look("memory|list")


def export_name(world: World, case: Case) -> None:
    """The name of a file that is written on purpose: shown clean, and nothing else is written."""
    with world.chat() as chat:
        world.say(chat, Line("Hello there."))
        world.say(chat, Line(f"/export {case.text}"))
    world.run("export", case.text)
    world.run("backup", case.text)
    made = {name for name in world.elsewhere() if "/" not in name.replace("work/", "", 1)}
    world.files = {name: held for name, held in world.elsewhere().items() if name in made or name in world.files}


def config(world: World, case: Case) -> None:
    """A configuration file."""
    path = world.app.paths.config
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(case.text, "utf-8")
    world.before = world.state()
    world.look("config|show", "profile|show", "models", "doctor", "context|Hello there", "--plain")


def model_name(world: World, case: Case) -> None:
    """The name of a model, on the command line, in the chat and as an alias."""
    world.run("ask", "-m", case.text, "Hello there")
    world.model.name = case.text
    with world.chat() as chat:
        world.say(chat, Line("Hello there"))
        world.shown.append(chat.status(78))
        world.say(chat, Line(f"/model {case.text}"))
        world.say(chat, Line(f"/retry {case.text}"))
    world.learn()
    world.look(*SHOWS, "usage", "doctor")


def history(world: World, case: Case) -> None:
    """What was typed at the prompt before, brought back into the line and looked at, not sent."""
    from memchat.cli.typed_history import TypedHistory

    world.app.store.typed.add(case.text, world.clock.now())
    with world.chat(answers=EAGER) as chat:
        for text in TypedHistory(chat).load_history_strings():
            world.shown.append(drawn(text))
        world.say(chat, Line("Hello there"))
    after(world, case)


def drawn(text: str) -> str:
    """How the line editor shows a line that holds this text, control characters as the library names them."""
    from prompt_toolkit.formatted_text import fragment_list_to_text
    from prompt_toolkit.layout.processors import TransformationInput
    from prompt_toolkit.layout.screen import Char

    said = TransformationInput(None, None, 0, lambda place: place, [("", text)], 80, 24)  # type: ignore[arg-type]  # - only the fragments are looked at
    shown = fragment_list_to_text(HiddenCharacters().apply_transformation(said).fragments)
    return "".join(Char(one).char for one in shown)


def arguments(world: World, case: Case) -> None:
    """Words on the command line: ids, questions, fields, files that are not there."""
    for command in (
        "memory|show",
        "sessions|show",
        "search",
        "profile|get",
        "import",
        "restore",
        "memory|why",
        "keys|remove",
        "models",
        "nope",
    ):
        world.run(*command.split("|"), case.text)
    world.run("profile", "set", case.text, "x")
    world.run("context", "--turn", case.text)
    world.run("--plain", case.text)


def slash(world: World, case: Case) -> None:
    """Behind a slash: commands that do not exist, and arguments of those that do."""
    with world.chat() as chat:
        for command in ("/", "/why ", "/undo ", "/resume ", "/search ", "/model ", "/context ", "/usage ", "/forget "):
            world.say(chat, Line(f"{command}{case.text}"))


def served(world: World, case: Case) -> None:
    """What a provider answers over HTTP: as a reply, and as the words of its error; asked every way there is."""
    from tests.servers.openai_server import Server
    from tests.servers.replies import Reply, error

    with Server(answer=lambda _: Reply(case.text, reasoning=case.text)) as server:
        world.environ |= {
            "MEMCHAT_MODEL": "openai/test",
            "MEMCHAT_MODEL__RETRIES": "0",
            "OPENAI_API_KEY": case.secret or "sk-test",
            "OPENAI_BASE_URL": server.url,
        }
        for flags in ((), ("--json",), ("--plain", "--reasoning"), ("-x", "--no-stream"), ("--stateless", "-u")):
            world.run("ask", *flags, "Hello there")
        for status in (400, 401, 404, 429, 500):
            server.script(error(status, f"{case.text} {case.secret}", code=case.text))
            world.run("ask", "Hello there")
        server.script(error(500, f"{case.text} {case.secret}", code=case.text))
        world.run("--debug", "ask", "Hello there")
        world.run("memory", "learn")
    assert server.requests
    world.look(*SHOWS, "doctor", "usage")


def terminal(world: World, case: Case) -> None:
    """Straight to the screen, whole and in pieces, by every way there is."""
    screen = Screen(world.environ, stdin=Tty(EAGER), stdout=Tty(), stderr=Tty())
    text = case.text
    screen.out(text)
    screen.note(text)
    screen.prompt(text)
    screen.write(text)
    screen.error(MemchatError(text, text))
    screen.trace(text)
    screen.ask(text)
    screen.json({text: text})
    screen.json_error(MemchatError(text, text))
    plain = PlainStream(screen.write)
    marked = MarkdownStream(screen.stdout, lambda: os.terminal_size((80, 24)), colour=True, theme="auto")
    for stream in (plain, marked):
        for cut in (1, 3, len(text) or 1):
            for start in range(0, len(text), cut):
                stream.feed(text[start : start + cut])
            stream.feed(f"\n\n```\n{text}\n```\n\n# {text}\n\n| {text} | b |\n|---|---|\n| [{text}]({text}) | d |\n\n")
        stream.close()
    assert isinstance(screen.stdout, Tty)
    assert isinstance(screen.stderr, Tty)
    world.shown += [screen.stdout.getvalue(), screen.stderr.getvalue(), drawn(text)]
