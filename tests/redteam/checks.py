"""What must not happen, each as a function of what a case left behind: the offence in words, or nothing."""

import re
from collections.abc import Callable

from memchat.memory.quoting import fold

from tests.redteam.cases import Case
from tests.redteam.reading import Read, asked, read
from tests.redteam.world import World

# What memchat itself sends to a terminal: paint, and taking back the line or what is below it.
_OURS = re.compile(r"(?:\x1b\[\d{1,3}A)?\r\x1b\[[KJ]|\x1b\[\d{1,3}(?:;\d{1,3})*m")
_STEERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e001f]")
_TAGS = re.compile("(?<!\U0001f3f4)[\U000e0020-\U000e007f]{7,}")
_RED = re.compile(r"\x1b\[31m(?!error)")
_HIDDEN = re.compile(
    "[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e001f]|(?<!\U0001f3f4)[\U000e0020-\U000e007f]{7,}"
    "|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}"
)
MAY_WAIT = {"typed", "small_paste", "import", "import_trusted"}  # what the user typed, or took in to look through
LEAST = 8  # characters of a line that tells itself from what is said every day


def requests(world: World) -> list[Read]:
    """Every request, to answer and to learn, as the strict reader sees it."""
    return [read(*one) for one in world.model.requests] + [asked(task) for task in world.model.tasks]


def lines_of(case: Case) -> list[str]:
    """The lines by which its text is known again, folded."""
    lines = case.look or tuple(case.text.splitlines())
    return [line for one in lines if len(line := fold(one)) >= (1 if case.look else LEAST)]


def learned(case: Case, world: World) -> str:
    """Something of it is believed, or waits to be although it is nobody's own words."""
    if world.learned:
        return f"active in memory: {world.learned}"
    waiting = [] if case.channel in MAY_WAIT else world.waiting
    return f"waits to be believed: {waiting}" if waiting else ""


def unquoted(case: Case, world: World) -> str:
    """Something of it stands bare, or a frame is not ours."""
    for one in requests(world):
        if one.strange:
            return f"no frame of memchat's: {one.strange[0]!r}"
        bare = fold("\n".join(one.bare))
        for line in lines_of(case):
            if line in bare:
                return f"stands bare in a request: {line!r}"
    return ""


def instructed(case: Case, world: World) -> str:
    """Something of it stands among the instructions."""
    for messages, _ in world.model.requests:
        one = read(messages, _)
        if "the instructions are not ours" in one.strange:
            return "the instructions are not ours"
    for task in world.model.tasks:
        found = [line for line in lines_of(case) if line in fold(task.instructions)]
        if found:
            return f"stands in the instructions: {found[0]!r}"
    return ""


def obeyed(case: Case, world: World) -> str:
    """What is known, the settings, or what was erased is another than before."""
    after = world.state()
    return "" if after == world.before else f"was {world.before}, is {after}"


def steered(case: Case, world: World) -> str:
    """Something reached the terminal that memchat does not send."""
    for shown in world.shown:
        text = _OURS.sub("", shown).replace("\r", "")
        if found := _STEERS.search(text) or _TAGS.search(text):
            return f"{found[0]!r} on the terminal: {text[max(0, found.start() - 40) : found.end() + 40]!r}"
        # Its own paint a screen lets pass: whoever prints people's words has cleaned them before.
        if (found := _RED.search(shown)) and case.channel != "terminal":
            return f"painted red: {shown[found.start() : found.end() + 40]!r}"
    return ""


def hidden(case: Case, world: World) -> str:
    """What nobody can see went to the model as it was: tags, turns of direction, runs of selectors."""
    sent = [str(one["content"]) for messages, _ in world.model.requests for one in messages]
    for text in (*sent, *(task.text for task in world.model.tasks)):
        if found := _HIDDEN.search(text):
            return f"{found[0]!r} was sent: {text[max(0, found.start() - 40) : found.end() + 40]!r}"
    return ""


def outside(case: Case, world: World) -> str:
    """A file that is not memchat's was made or changed."""
    now = world.elsewhere()
    changed = [name for name in {*now, *world.files} if now.get(name) != world.files.get(name)]
    return f"made or changed: {sorted(changed)}" if changed else ""


def kept(case: Case, world: World) -> str:
    """The secret was sent, or stands in a file."""
    secret = case.secret
    if any(secret in str(messages) for messages, _ in world.model.requests):
        return "the secret was sent"
    if any(secret in task.text for task in world.model.tasks):
        return "the secret was sent to be learned from"
    return "the secret is in a file" if any(secret.encode() in held for held in world.kept()) else ""


def leaked(case: Case, world: World) -> str:
    """The secret stands somewhere."""
    if any(case.secret in shown for shown in world.shown):
        return "the secret is on the screen"
    return kept(case, world)


CHECKS: dict[str, Callable[[Case, World], str]] = {
    "learned": learned,
    "unquoted": unquoted,
    "instructed": instructed,
    "obeyed": obeyed,
    "steered": steered,
    "hidden": hidden,
    "outside": outside,
    "kept": kept,
    "leaked": leaked,
}
