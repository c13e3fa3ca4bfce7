"""A strict reader of requests: what stands in quotations, fences and tool results, and what stands bare.

It knows the frames that memchat writes and nothing else, so a line that looks like none of them is found out, whatever
it says. It shares no code with what writes them.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from memchat.domain import NORMAL, Context, Task, Zone
from memchat.memory import prompt

_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"')
_DAY = r"\d{4}-\d\d-\d\d"
_TODAY = rf"Today is (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, {_DAY}\."
_NAMED = r'(?:(?:file|image) ""|pasted text|piped text|imported text|a file)'
_SINCE = rf"\(m\d+, {_DAY}(?:, until {_DAY}|, not confirmed for \d+ (?:months|years))?\)"
_TOLD = rf'(?:(?:wanted|resolved|pending|last request|last reply|last message, {_NAMED}) )?""'
_MEMORY = rf'(?:[^\W\d]\w*: )?"" {_SINCE}'
_SESSION = rf'{_DAY} \(s\d+\)(?: "")?(?:: {_TOLD}(?:; {_TOLD})*)?'
HEAD = re.compile(rf"(?:# About the user|# Notes|# Last conversations|Nothing is known about the user yet\.|"
                  rf"- {_MEMORY}|- {_SESSION}|)")  # fmt: skip
_CHANGE = (
    r'Changed since above: (?:\w+ is now ""(?: \(was ""\))? \(m\d+\)'
    rf'|noted ""(?: \(was ""\))? \(m\d+, {_DAY}\)|(?:\w+ )?"" \(m\d+\) (?:may hold|holds) no longer)'
)
_SPOKEN = r"(?:you were told|you were shown, pasted or piped in|you answered)"
TAIL = re.compile(rf'\[memchat\] (?:{_TODAY}|{_CHANGE}|{_MEMORY}|On {_DAY} \(s\d+\.\d+\) {_SPOKEN}: "")')
OPENS = re.compile(rf'\[(?:{_NAMED}|image "", which you cannot see)\]')
_PIECE = rf's\d+\.\d+ (?:(?:you: )?""|{_NAMED})'
EARLIER = re.compile(
    r"\[Earlier in this conversation: \d+ turns?, s\d+\.\d+(?: to s\d+\.\d+)?, saved and not repeated here\."
    rf"(?: Summed up: {_TOLD}(?:; {_TOLD})*\.)?(?: Not summed up, word for word: {_PIECE}(?:; {_PIECE})*\.)?\]"
)
LEFT_OUT = re.compile(
    rf'\[left out here: (?:{_NAMED}|text) of about [\d,]+ tokens, saved as s\d+\.\d+(?:, begins "")?\]'
)
SPENT = re.compile(r'\[left out here: what (?:[^\W\d]\w*|"") gave, about [\d,]+ tokens, saved as s\d+\.\d+\]')
ASKED = re.compile(
    rf'(?:Today is {_DAY}\.|# Known about the user|# Summarised before|# New turns|nothing yet|m\d+ \w+: ""|title: ""'
    rf'|(?:Wanted: |Resolved: |Pending: )?""|turn \d+(?: \({_DAY}\))?|user: ""|user gave \d+ more'
    rf'|user gave {_NAMED}(?:, [\d,]+ characters, begins "")?|assistant: (?:""|no reply)|)'
)
_FENCE = re.compile("`{3,}")


@dataclass
class Read:
    """One request: the instructions, what stands `quoted`, what stands `bare`, and lines that are no frame of ours."""

    instructions: str = ""
    quoted: list[str] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)


def skeleton(line: str) -> tuple[str, list[str]]:
    """The line with every quotation emptied, and what stood in them."""
    return _STRING.sub('""', line), [json.loads(one) for one in _STRING.findall(line)]


def read(messages: Sequence[dict[str, Any]], context: Context) -> Read:
    """What a request holds, as it went out; `context` is what it was made of."""
    found = Read()
    for message in messages:
        content = message.get("content") or ""
        if message["role"] == "system":
            _head(content, found)
        elif message["role"] == "user":
            _user(content, found)
        elif message["role"] == "tool":
            _result(content, found)
        else:
            for call in message.get("tool_calls", ()):
                if not isinstance(json.loads(call["function"]["arguments"]), dict):
                    found.strange.append(call["function"]["arguments"])
    _one_each(messages, context, found)
    return found


def asked(task: Task) -> Read:
    """What is asked after the talk."""
    found = Read(instructions=task.instructions)
    for line in task.text.splitlines():
        bare, quoted = skeleton(line)
        found.quoted += quoted
        if not ASKED.fullmatch(bare):
            found.strange.append(line)
    turns = len(re.findall(r"^turn \d+", task.text, re.MULTILINE))
    if turns != len(task.material.turns):
        found.strange.append(f"{turns} turns are told of, {len(task.material.turns)} there are")
    return found


def _head(text: str, found: Read) -> None:
    """Our own instructions word for word, the day, then one line for each thing that is known."""
    own = prompt.instructions(NORMAL, None)
    if not text.startswith(own):
        found.strange.append("the instructions are not ours")
    found.instructions = own
    day, *lines = text.removeprefix(own).strip("\n").split("\n")
    if not re.fullmatch(_TODAY, day):
        found.strange.append(day)
    for line in lines:
        _framed(line, HEAD, found)


def _user(text: str, found: Read) -> None:
    lines = iter(text.splitlines())  # whatever any reader takes for the end of a line
    at_top = True
    for line in lines:
        bare, quoted = skeleton(line)
        if at_top and line.startswith("[memchat] "):
            _framed(line, TAIL, found)
            continue
        at_top = False
        if OPENS.fullmatch(bare):
            found.quoted += quoted
            _fenced(lines, found, image=bare.startswith("[image"))
        elif EARLIER.fullmatch(bare) or LEFT_OUT.fullmatch(bare):
            found.quoted += quoted
        else:
            found.bare.append(line)


def _fenced(lines: Iterable[str], found: Read, *, image: bool) -> None:
    """A fence to its end; a picture has none."""
    if image:
        return
    fence = next(iter(lines), "")
    if not _FENCE.fullmatch(fence):
        found.strange.append(f"no fence: {fence}")
        return
    held: list[str] = []
    for line in lines:
        # Any reader of Markdown ends a fence at as many backticks or more, blanks around them left out.
        if (stripped := line.strip()).startswith(fence) and not stripped.strip("`"):
            found.quoted.append("\n".join(held))
            return
        held.append(line)
    found.strange.append("a fence has no end")


def _result(text: str, found: Read) -> None:
    if text == "[erased]" or SPENT.fullmatch(skeleton(text)[0]):
        return
    try:
        found.quoted += _strings(json.loads(text))
    except ValueError:
        found.strange.append(f"a tool's result is no JSON: {text}")


def _strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [one for inner in value.values() for one in _strings(inner)]
    if isinstance(value, list):
        return [one for inner in value for one in _strings(inner)]
    return [value] if isinstance(value, str) else []


def _framed(line: str, frame: re.Pattern[str], found: Read) -> None:
    bare, quoted = skeleton(line)
    found.quoted += quoted
    if len(line.splitlines()) > 1 or not frame.fullmatch(bare):
        found.strange.append(line)


def _one_each(messages: Sequence[dict[str, Any]], context: Context, found: Read) -> None:
    """Each thing that memory offered stands there once, on a line of its own, and there are no others."""
    head = next((one["content"] for one in messages if one["role"] == "system"), "")
    lines = sorted(line for line in head.partition("\n# ")[2].split("\n") if line.startswith("- "))
    wanted = sorted(passage.line for passage in context.kept if passage.zone is Zone.HEAD)
    if lines != wanted:
        found.strange.append(f"the head has {len(lines)} lines of memory for {len(wanted)}")
    told = len(context.tail.split("\n")) if context.tail else 0
    offered = sum(passage.zone is Zone.TAIL for passage in context.kept)
    if told - offered not in {0, 1}:  # the day may stand there, too
        found.strange.append(f"the tail has {told} lines for {offered}")
