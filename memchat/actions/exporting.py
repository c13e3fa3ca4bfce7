"""Everything memchat keeps, as JSON Lines: the first line says what this is, each other line is one thing that is kept.

The format, version 1. UTF-8, one object a line, its kind under `type`; keys are those of the database, references are
ids, moments are RFC 3339 in UTC with the minutes that the local clock was ahead beside them (`created_offset`).

- first `memchat export`: `version`; `ids`, the highest ever given by table; `keys`, under which the words of
  tombstones are hashed; `lines`, how many follow of each kind.
- `session`, `message` (with its `parts`), `blob`, `memory` (with its `sources`), `shown` (what a turn was shown),
  `call` (a model was asked), `sending` (a host was sent words), `tombstone`, `typed` (at the prompt), `ignored`.

Left out is what is made anew from these (the index, vectors, work for later), settings and keys of providers. Nothing
in it depends on when it is written: the same database gives the same bytes.
"""

import json
import re
from collections.abc import Callable, Iterator

from memchat.ports import Store

Progress = Callable[[int, int], None]
_STEP = 1_000  # lines between two looks at the progress
# What could steer a terminal that shows a file, or end a line for some of JSON's readers: escaped it is the same.
# A row of selectors a terminal is not shown whole.
_UNSAFE = re.compile(
    r"[\x7f-\x9f\u180e\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
    r"|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}"
)
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def lines(store: Store, progress: Progress = lambda _done, _all: None) -> Iterator[str]:
    """The lines of an export, without their ends, one at a time; as it all stands at one moment. Raises StoreError.

    `progress` hears how many lines are out, of how many.
    """
    records = store.records
    with records.reading():
        head = records.head()
        total = sum(head["lines"].values())
        yield _line(head)
        for number, record in enumerate(records.lines(), 1):
            yield _line(record)
            if number % _STEP == 0:
                progress(number, total)
    progress(total, total)


def _line(record: object) -> str:
    line = _dumps(record)
    return line if line.isascii() and "\x7f" not in line else _UNSAFE.sub(_escaped, line)


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found.group())[1:-1]
