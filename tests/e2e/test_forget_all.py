"""`forget --all --yes` leaves a working, empty memory, and nothing of it in any file of the folder."""

import re
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from memchat.domain import Origin, Part, PartKind
from memchat.store.connection import open_store

from tests.conftest import NOW, FrozenClock
from tests.e2e.conversing import an_app
from tests.e2e.forgetting_world import FACTS, World
from tests.e2e.running import NOTEBOOK, here, memchat

# What `strings` prints: runs of letters that can be read, here also outside ASCII, and as UTF-16 has them.
RUNS = re.compile(rb"[\x20-\x7e]{4,}|(?:[\xc2-\xf4][\x80-\xbf]{1,3}){2,}|(?:[\x20-\x7e]\x00){4,}")
SAID = ["walnuts", "juglans", "saffron", "花生", "Lisbon", "Olisipo", "zq1x", "harbour", "kettle", "Noted", "About"]


@pytest.fixture
def lived(home: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with a life in it: chats, one-shots, notes, titles, summaries, what was typed, a picture, copies."""
    home.mkdir(parents=True)
    path = home / "memchat.db"
    world = World(home, open_store(path))
    world.parrot.remembers = True
    for fact in (FACTS[0], FACTS[1], FACTS[4], FACTS[6]):
        world.say(f"The harbour. {fact.told}")
    world.parrot.remembers = False
    world.say("Look.", Part(PartKind.IMAGE, Origin.FILE, "aGFyYm91cg==", name="kettle.png", mime="image/png"))
    world.parrot.rewords = True
    world.consolidate()
    world.leave()
    world.say(FACTS[0].asked)
    world.close()
    assert here(capsys, "ask", "I live in Lisbon, at the harbour.").code == 0
    assert here(capsys, "memory", "add", "keeps a copper kettle").code == 0
    shutil.copy(path, home / "memchat.db.backup-v3-20261101T091400Z")
    shutil.copy(path, home / "memchat.db.replaced-20261101T091400Z")
    assert here(capsys, "profile", "set", "location", "Lisbon").code == 0
    return home


def strings(folder: Path) -> str:
    """All that can be read in any file of the folder."""
    found = []
    for file in folder.rglob("*"):
        if file.is_file():
            found += [run.replace(b"\0", b"").decode("utf-8", "replace") for run in RUNS.findall(file.read_bytes())]
    return "\n".join(found)


def test_nothing_of_it_can_be_read_in_the_folder(lived: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither words nor pieces of the index, keys, copies, titles, or what was typed."""
    before = strings(lived)
    assert [word for word in SAID if word not in before] == []
    done = here(capsys, "forget", "--all", "--yes")
    assert (done.code, done.err) == (0, "")
    told = strings(lived)
    assert [word for word in SAID if word.casefold() in told.casefold()] == []
    assert [file.name for file in lived.iterdir() if "backup" in file.name or "replaced" in file.name] == []


def test_the_memory_is_empty_and_works(lived: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every list is; what is said next is kept, learned and found, under ids that were never given before."""
    with closing(open_store(lived / "memchat.db")) as store:
        newest = max(memory.id for memory in store.memories.all())
    assert here(capsys, "forget", "--all", "--yes", "--json").json["traces"] == 0
    for line in ("memory list --status all", "sessions list --all", "tombstones list", "search walnuts"):
        assert here(capsys, *line.split(), "--json").json == []
    assert here(capsys, "export").out.count("\n") == 1  # its first line alone
    assert here(capsys, "doctor").code == 0
    with an_app(NOTEBOOK, FrozenClock(NOW)) as app:
        assert app.store.typed.newest(5) == []
        assert app.store.index.health().astray == 0
    assert here(capsys, "ask", "I am allergic to walnuts.").code == 0
    [memory] = here(capsys, "memory", "list", "--json").json
    assert (memory["text"], memory["status"]) == ("allergic to walnuts", "active")
    assert int(memory["id"][1:]) > newest
    assert here(capsys, "search", "walnuts", "--json").json != []
    assert memchat("forget", "--all", "--yes").code == 0


def test_without_a_yes_nothing_happens(lived: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 7, and every byte as it was."""
    before = strings(lived)
    assert here(capsys, "forget", "--all").code == 7
    assert strings(lived) == before
