"""What scrolls in memchat browse is fetched when it comes into sight: a hundred thousand rows cost as much as fifty."""

from memchat.actions import browsing
from memchat.bootstrap import App
from memchat.cli.browse.painting import Pane, segments, strip, text
from memchat.cli.browse.scrolling import PAGE, Rows
from memchat.cli.browse.sessions import TalksView, transcript
from memchat.cli.browse.view import Desk, Row, View, drawn
from memchat.cli.terminal import Screen, width

from tests.builders import add_turn
from tests.conftest import FrozenClock


class Counting(View):
    """A hundred thousand rows that tell which of them were asked for; the last were erased meanwhile."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def count(self) -> int:
        """As it was when it was asked."""
        return 100_000

    def rows(self, skip: int, limit: int) -> list[Row]:
        """Made up."""
        self.asked.append(skip)
        return [Row(f"m{number}", f"m{number}", "x") for number in range(skip, min(skip + limit, 99_990))]

    def nothing(self) -> str:
        """There always is something."""
        return ""


def pane(columns: int, *, colour: bool = False) -> Pane:
    """A part of the screen."""
    return Pane(Screen({"FORCE_COLOR": "1"} if colour else {"NO_COLOR": "1"}), columns)


def test_only_the_pages_in_sight_are_fetched() -> None:
    """Each once; a row that is not there any more is none."""
    view = Counting()
    rows = Rows(pane(80), id="rows")
    rows._view, rows.count = view, view.count()
    assert [row.ref for number in (0, 63, 64, 99_989) if (row := rows.row(number))] == ["m0", "m63", "m64", "m99989"]
    assert rows.row(99_995) is None
    assert rows.row(100_000) is None
    assert view.asked == [0, PAGE, 99_989 // PAGE * PAGE]


def test_a_transcript_grows_at_both_ends(app: App, clock: FrozenClock) -> None:
    """From a turn in the middle; turns that were taken back leave no gap, and what is read is read once."""
    first = add_turn(app.store, "turn 1", at=clock.now())
    for number in range(2, 31):
        add_turn(app.store, f"turn {number}", session_id=first.session_id, at=clock.now())
    path = app.store.transcripts.path(1)
    app.store.transcripts.set_leaf(1, path[-3].id)
    desk = Desk(app)
    shown = transcript(pane(80), desk, "s1.12")
    lines = list(shown.lines)
    assert "turn 12" in "".join(lines)
    assert "turn 11" not in "".join(lines)
    assert shown.more is not None
    assert shown.earlier is not None
    while more := shown.more():
        lines += more
    while earlier := shown.earlier():
        lines[:0] = earlier
    said = [line.strip() for line in lines if line.strip().startswith("turn ")]
    assert said == [f"turn {number}" for number in range(1, 30)]
    assert transcript(pane(80), desk, "s1").earlier is None


def test_conversations_are_paged(app: App, clock: FrozenClock) -> None:
    """Newest first, from any place on."""
    for number in range(10):
        add_turn(app.store, f"talk {number}", at=clock.advance(minutes=1))
    view = TalksView(Desk(app))
    assert view.count() == browsing.count_talks(app.store) == 10
    assert [row.ref for row in view.rows(3, 2)] == ["s7", "s6"]


def test_a_row_fits_its_part_whatever_it_holds() -> None:
    """Wide signs, joined emoji, marks, a word far to the right that was found."""
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    for columns in range(20, 120, 7):
        for words in ("short", "花生過敏" * 20, f"{family} " * 30, "e\u0301" * 90):
            row = Row("m12", "m12", words, "22 Nov", found=((len(words) - 3, len(words)),))
            for chosen in (True, False):
                assert width(drawn(pane(columns, colour=True), row, 6, chosen=chosen)) <= columns


def test_paint_becomes_weights_and_nothing_else_passes() -> None:
    """Our own paint is read, any other sequence is gone; markup is text."""
    screen = pane(80, colour=True)
    line = screen.bold("bold") + screen.dim("dim") + screen.accent("id") + screen.red("error") + screen.reverse("quote")
    pieces = segments(line + "\x1b[35mno\x07\u202e[b]x[/b]\n")
    assert [piece.text for piece in pieces] == ["bold", "dim", "id", "error", "quote", "no[b]x[/b] "]
    first, second, third, fourth, fifth, last = (piece.style for piece in pieces)
    assert first is not None
    assert first.bold
    assert second is not None
    assert second.dim
    assert third is not None
    assert third.color is not None
    assert third.color.name == "cyan"
    assert fourth is not None
    assert fourth.color is not None
    assert fourth.color.name == "red"
    assert fifth is not None
    assert fifth.reverse
    assert not last
    assert strip("花生", 10).cell_length == 10
    assert text(["one", screen.bold("two")]).plain == "one\ntwo"
