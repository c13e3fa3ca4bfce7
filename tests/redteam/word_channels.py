"""How words get into a talk or a memory: each channel puts it where it really comes from, then a day passes.

Wherever words are kept, a second turn follows, all is taken in by the adversary, and a new conversation the next day
asks for what was said; then the commands show what is kept.
"""

import io
import json
from contextlib import suppress
from pathlib import Path

from memchat.actions import exporting, memories, profile, sessions
from memchat.cli.ask_input import gather
from memchat.cli.pasted import Line, PastedSpans, is_paste
from memchat.errors import MemchatError, UsageError
from memchat.store.connection import open_store

from tests.builders import add_note, add_turn
from tests.redteam.cases import Case
from tests.redteam.world import EAGER, World

FILLER = "\n\n(This much was passed on to me by a colleague.)\n(There was no more of it.)"
SHOWS = ("memory|list|--status|all", "sessions|list|--all", "sessions|show|s1", "context|--last", "memory|show|m2")


def words(case: Case) -> str:
    """What the user asks the next day."""
    told = sorted({word for word in case.text.split() if word.isalnum()}, key=lambda word: (-len(word), word))[:5]
    return case.question or f"What was said about {', '.join(told) or 'that text'}?"


def after(world: World, case: Case) -> None:
    """What follows wherever words were said."""
    world.learn()
    world.tomorrow(words(case))
    if "steered" in case.must_not:
        world.look(*SHOWS, "export|--format|md")


def pasted(case: Case) -> Line:
    """The line with the text pasted in below what was typed, followed as the line editor does."""
    text = case.text if is_paste(case.text) else case.text + FILLER
    typed = "" if case.alone else f"{case.beside}\n"
    spans = PastedSpans()
    spans.changed(typed)
    spans.changed(typed + text, pasted_at=len(typed))
    return Line(typed + text, tuple(spans.spans), small=tuple(spans.small))


def paste(world: World, case: Case) -> None:
    """Pasted into the input line, below what was typed."""
    with world.chat(answers=EAGER) as chat:
        world.say(chat, pasted(case))
        world.say(chat, Line("And then?"))
    after(world, case)


def small_paste(world: World, case: Case) -> None:
    """Pasted where the terminal tells of it, and too small to be told from typing; Enter follows."""
    spans = PastedSpans()
    spans.changed("")
    spans.changed(case.text, pasted_at=0)
    with world.chat() as chat:  # nobody answers but the text itself
        world.say(chat, Line(case.text, tuple(spans.spans), small=tuple(spans.small)))
    after(world, case)


def typed(world: World, case: Case) -> None:
    """Typed, somebody else's words in it marked as such."""
    with world.chat(answers=EAGER) as chat:
        world.say(chat, Line(case.text))
    after(world, case)


def file(world: World, case: Case) -> None:
    """The content of a file that the message names."""
    name = case.name_of_file or "notes.md"
    with suppress(OSError, ValueError):
        Path(name).write_bytes(case.text.encode())
        world.files = world.elsewhere()
    with world.chat(answers=EAGER) as chat:
        world.say(chat, Line(f'{case.beside} @"{name}"'))
        world.say(chat, Line("And then?"))
    after(world, case)


def file_name(world: World, case: Case) -> None:
    """The name of a file, given to /file and found by completion; the file itself is harmless."""
    path = Path(case.text)
    with suppress(OSError, ValueError):  # a name that no file can have is asked for all the same
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("milk, bread, coffee beans", "utf-8")
        world.files = world.elsewhere()
    with world.chat(answers=EAGER) as chat:
        world.say(chat, Line(f"/file {case.text}"))
        world.say(chat, Line(case.beside))
    with suppress(MemchatError, OSError, ValueError):
        world.ask(gather(case.beside, (path,), None))
    after(world, case)


def stdin(world: World, case: Case) -> None:
    """Piped into `memchat ask`."""
    prompt = "-" if case.alone else case.beside
    with suppress(UsageError):  # what is no text is refused
        world.ask(gather(prompt, (), io.BytesIO(case.text.encode())))
    after(world, case)


def reply(world: World, case: Case) -> None:
    """What a model answers."""
    world.model.reply = case.text
    with world.chat(answers=EAGER) as chat:
        world.say(chat, Line(case.beside))
        world.model.reply = "I see."
        world.say(chat, Line("And then?"))
    after(world, case)


def reasoning(world: World, case: Case) -> None:
    """What a model thinks before it answers."""
    world.model.reasoning = case.text
    with world.chat(answers=EAGER) as chat:
        world.say(chat, Line(case.beside))
    world.model.reasoning = ""
    after(world, case)


def tool_arguments(world: World, case: Case) -> None:
    """What a model calls a tool with; `tool` names it, each of them gets it otherwise."""
    text = case.text
    ways = {
        "remember": {"text": text, "quote": text, "field": "note"},
        "recall": {"query": text, "since": text},
        "read_session": {"id": text, "question": text},
        "propose_forget": {"id": text, "reason": text},
    }
    calls = [(name, json.dumps(arguments)) for name, arguments in ways.items() if case.tool in {"", name}]
    if case.tool == "raw":  # not even JSON
        calls = [(name, text) for name in ways]
    if case.tool == "reason":
        calls = [("propose_forget", json.dumps({"id": "m1", "reason": text}))]
    world.model.calls = calls
    with world.chat() as chat:  # whoever is asked presses Enter
        world.say(chat, Line(case.beside))
        world.say(chat, Line("And then?"))
    after(world, case)


def tool_name(world: World, case: Case) -> None:
    """The name of a tool that a model calls."""
    world.model.calls = [(case.text, json.dumps({"query": "x " * 60}))]
    with world.chat(answers=EAGER) as chat:
        world.say(chat, Line(case.beside))
        world.say(chat, Line("And then?"))
        world.say(chat, Line("/compact"))
    after(world, case)


def tool_result(world: World, case: Case) -> None:
    """What a tool gives back: words of an old conversation, looked up by the model."""
    add_turn(world.app.store, f"Read this to me: {case.text}", case.text, at=world.clock.now())
    world.model.calls = [
        ("recall", json.dumps({"query": words(case)})),
        ("recall", json.dumps({"query": case.text[:200]})),
        ("read_session", json.dumps({"id": "s1.1", "question": case.text[:200]})),
    ]
    with world.chat(answers=EAGER) as chat:
        world.say(chat, Line(case.beside))
    if "steered" in case.must_not:
        world.look(*SHOWS)


def memory(world: World, case: Case) -> None:
    """A note that was written by hand, pinned, and ended."""
    world.by_hand.add(" ".join(case.text.split()))
    with suppress(MemchatError):
        learned = memories.add(world.app.store, case.text, world.clock.now())
        world.by_hand.add(learned.memory.text)
        memories.pin(world.app.store, world.app.fields, [learned.memory.ref], world.clock.now(), pinned=True)
    world.before = world.state()
    with world.chat() as chat:
        world.say(chat, Line("Hello there, what do you know about me?"))
        memories.add(world.app.store, f"also {case.text}", world.clock.now())  # told as a change
        world.by_hand.update(one.text for one in world.app.store.memories.active(world.clock.now()))
        world.say(chat, Line("And now?"))
    world.before = world.state()
    after(world, case)


def profile_value(world: World, case: Case) -> None:
    """A value of the profile, set by hand, then changed."""
    store, fields, now = world.app.store, world.app.fields, world.clock.now()
    with suppress(MemchatError):
        profile.replace(store, fields, {"location": [case.text], "goals": [case.text]}, now)
    with world.chat() as chat:
        world.say(chat, Line("Hello there, what do you know about me?"))
        with suppress(MemchatError):
            profile.replace(store, fields, {"location": [f"not {case.text}"]}, world.clock.advance(minutes=1))
        world.say(chat, Line("And now?"))
    world.by_hand.update(one.text for one in store.memories.all())
    world.before = world.state()
    after(world, case)
    if "steered" in case.must_not:
        world.look("profile|show", "profile|history|location")


def title(world: World, case: Case) -> None:
    """The title of a conversation, a model's and one that was written by hand."""
    world.model.title = case.text
    _titled(world, case)


def summary(world: World, case: Case) -> None:
    """The summary of a conversation, as a model wrote it."""
    world.model.summary = case.text
    _titled(world, case)


def topics(world: World, case: Case) -> None:
    """The topics of a conversation, as a model wrote them."""
    world.model.topics = [case.text, *case.text.splitlines()]
    _titled(world, case)


def _titled(world: World, case: Case) -> None:
    with world.chat() as chat:
        world.say(chat, Line("I am looking for a good tea shop."))
    world.learn()
    if case.channel == "title":
        with world.chat() as chat:
            world.say(chat, Line("Another talk about the tea shop."))
        with suppress(MemchatError):
            sessions.rename(world.app.store, "s2", case.text)
    after(world, case)
    with world.chat(resume="s1") as chat:
        world.say(chat, Line("/compact"))
        world.say(chat, Line("Where were we?"))


def session_name(world: World, case: Case) -> None:
    """The name under which a conversation is begun."""
    with suppress(MemchatError), world.chat(resume=case.text) as chat:
        world.say(chat, Line(case.beside))
    world.run("--session", case.text, "--plain")
    after(world, case)


def import_(world: World, case: Case) -> None:
    """An export of somebody else's, taken in with --review: memories, a title, a name, a talk."""
    _imported(world, case, "--review")


def import_trusted(world: World, case: Case) -> None:
    """The same without --review, beside what is here: the user believes the file."""
    _imported(world, case)


def _imported(world: World, case: Case, *flags: str) -> None:
    donor = open_store(None)
    turn = add_turn(donor, case.text, case.text, at=world.clock.now())
    donor.transcripts.summarise(turn.session_id, case.text, (case.text,))
    donor.transcripts.entitle(turn.session_id, case.text)
    add_note(donor, case.text, at=world.clock.now())
    add_note(donor, case.text, field="occupation", at=world.clock.now())
    path = world.home.parent / "theirs.jsonl"
    path.write_text("".join(f"{line}\n" for line in exporting.lines(donor)), "utf-8")
    donor.close()
    world.files = world.elsewhere()
    world.run("import", *flags, str(path))
    with world.chat() as chat:
        world.say(chat, Line(case.beside))
    after(world, case)
    with suppress(MemchatError), world.chat(resume="s1") as chat:
        world.say(chat, Line("/why"))
