"""One finished Markdown block as terminal lines: parsed by markdown-it, painted by rich, wrapped by cells.

Whatever a model writes stays visible: HTML, link targets and reference definitions are shown as text.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from memchat.cli.cells import clean, width
from memchat.cli.wrapping import TAB, break_offsets

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode
    from rich.console import Console
    from rich.text import Text

_STYLES = {"strong": "bold", "em": "italic", "s": "strike"}
_GAP = "  "  # between the columns of a table
_NARROWEST = 4  # cells; a column below this cannot be read
_CODE_MARGIN = 2
# Highlighting a very long block costs more than its colours are worth.
_HIGHLIGHTED = 20_000


@dataclass(frozen=True)
class MarkdownRenderer:
    """Turns blocks into lines. Without `colour` no escape sequence is in them; `theme` is `ui.theme`."""

    colour: bool
    theme: str = "auto"

    def render(self, block: str, cells: int) -> list[str]:
        """The lines of a block, each at most `cells` wide, without line ends. `block` is cleaned first."""
        from markdown_it.tree import SyntaxTreeNode

        tree = SyntaxTreeNode(self._parser.parse(clean(block).replace("\t", TAB)))
        return [self._paint(line) for line in self._blocks(tree.children, max(cells, 1))]

    @cached_property
    def _parser(self) -> "MarkdownIt":
        from markdown_it import MarkdownIt

        # "js-default" would linkify; "commonmark" with these two is what models write.
        parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
        return parser.disable(["html_block", "html_inline", "reference"])

    @cached_property
    def _console(self) -> "Console":
        import io

        from rich.console import Console

        return Console(file=io.StringIO(), force_terminal=True, color_system="standard", legacy_windows=False)

    def _paint(self, line: "Text") -> str:
        if not self.colour:
            return line.plain.rstrip()
        from rich.color import ColorSystem

        line.rstrip()
        return "".join(
            segment.style.render(segment.text, color_system=ColorSystem.STANDARD) if segment.style else segment.text
            for segment in line.render(self._console)
        )

    # Blocks

    def _blocks(self, nodes: "list[SyntaxTreeNode]", cells: int, *, tight: bool = False) -> "list[Text]":
        from rich.text import Text

        lines: list[Text] = []
        for node in nodes:
            if lines and not tight:
                lines.append(Text())
            lines += self._block(node, cells)
        return lines

    def _block(self, node: "SyntaxTreeNode", cells: int) -> "list[Text]":
        from rich.text import Text

        match node.type:
            case "heading":
                lines = _wrapped(_inline(node, "bold"), cells)
            case "fence" | "code_block":
                lines = self._code(node, cells)
            case "bullet_list" | "ordered_list":
                lines = self._list(node, cells)
            case "blockquote":
                inside = self._blocks(node.children, max(cells - 2, 1))
                lines = [Text.assemble(("> ", "dim"), line) for line in inside]
            case "table":
                lines = _table(node, cells)
            case "hr":
                lines = [Text("-" * min(cells, 20), "dim")]
            case _:
                lines = _wrapped(_inline(node), cells)
        return lines

    def _list(self, node: "SyntaxTreeNode", cells: int) -> "list[Text]":
        from rich.text import Text

        lines: list[Text] = []
        number = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
        # A list is loose when an item's paragraphs are not hidden: then blank lines stand between its parts.
        tight = all(child.hidden for item in node.children for child in item.children if child.type == "paragraph")
        for index, item in enumerate(node.children):
            marker = "- " if number is None else f"{number + index}{item.markup or '.'} "
            if lines and not tight:
                lines.append(Text())
            inside = self._blocks(item.children, max(cells - len(marker), 1), tight=tight) or [Text()]
            lines += [
                Text.assemble((marker, "dim") if row == 0 else " " * len(marker) * bool(line), line)
                for row, line in enumerate(inside)
            ]
        return lines

    def _code(self, node: "SyntaxTreeNode", cells: int) -> "list[Text]":
        from rich.text import Text

        code = node.content.rstrip("\n")
        language = (node.info or "").split(maxsplit=1)[:1]
        text = self._highlighted(code, language[0]) if language and self.colour else Text(code)
        margin = min(_CODE_MARGIN, cells - 1)
        return [Text.assemble(" " * margin, line) for line in _wrapped(text, cells - margin, code=True)]

    def _highlighted(self, code: str, language: str) -> "Text":
        from rich.syntax import Syntax
        from rich.text import Text

        if len(code) > _HIGHLIGHTED:
            return Text(code)
        theme = "ansi_light" if self.theme == "light" else "ansi_dark"
        lexer = Syntax("", language).lexer
        if lexer is None:  # no language that pygments knows
            return Text(code)
        highlighted = Syntax(code, lexer, theme=theme, background_color="default").highlight(code)
        # The lexer may add a line end or drop leading ones: then the words count, not the colours.
        highlighted.rstrip()
        return highlighted if highlighted.plain.strip("\n") == code.rstrip() else Text(code)


# Inline text


def _inline(node: "SyntaxTreeNode", style: str = "") -> "Text":
    """All words under a node, styled; line ends of the source become spaces where a script has them."""
    from rich.text import Text

    text = Text(style=style)
    for child in node.children:
        _append(text, child, "")
    return text


def _append(text: "Text", node: "SyntaxTreeNode", style: str) -> None:
    match node.type:
        case "softbreak":
            # Chinese and Japanese lines join without a space.
            if not (text.plain and width(text.plain[-1]) == 2):
                text.append(" ")
        case "hardbreak":
            text.append("\n")
        case "code_inline":
            text.append(f"`{node.content}`", f"{style} cyan".strip())
        case "image":
            text.append(clean(f"[image: {node.content}] ({node.attrs.get('src', '')})"), style or None)
        case "link":
            _append_link(text, node, style)
        case _ if node.children:
            inner = f"{style} {_STYLES.get(node.type, '')}".strip()
            for child in node.children:
                _append(text, child, inner)
        case _:
            # Character references (`&#x202e;`) become characters only in the parser, after the text was cleaned.
            text.append(clean(node.content), style or None)


def _append_link(text: "Text", node: "SyntaxTreeNode", style: str) -> None:
    """A link's words, then its target unless they say the same: nobody is sent elsewhere than what he reads."""
    start = len(text)
    for child in node.children:
        _append(text, child, f"{style} underline".strip())
    target = clean(str(node.attrs.get("href", "")))
    if text.plain[start:] not in {target, target.removeprefix("mailto:")}:
        text.append(f" ({target})", f"{style} dim".strip())


def _wrapped(text: "Text", cells: int, *, code: bool = False) -> "list[Text]":
    lines = []
    for line in text.split("\n", allow_blank=True):
        for piece in line.divide(break_offsets(line.plain, cells, code=code)):
            piece.rstrip()
            lines.append(piece)
    return lines


# Tables


def _table(node: "SyntaxTreeNode", cells: int) -> "list[Text]":
    """Columns padded with spaces, the head in bold; cells wrap where the table is too wide."""
    from rich.text import Text

    rows = [row.children for part in node.children for row in part.children]
    heads = len(node.children[0].children)
    texts = [[_inline(cell, "bold" if row < heads else "") for cell in line] for row, line in enumerate(rows)]
    widths = _column_widths([[width(text.plain) for text in row] for row in texts], cells)
    if not widths:
        return [line for row in texts for line in _wrapped(Text(" | ").join(row), cells)]
    right = ["right" in str(cell.attrs.get("style", "")) for cell in rows[0]]
    lines: list[Text] = []
    for row in texts:
        columns = [_wrapped(text, wide) for text, wide in zip(row, widths, strict=True)]
        for height in range(max(map(len, columns))):
            pieces = [column[height] if height < len(column) else Text() for column in columns]
            padded = [_padded(piece, wide, flush) for piece, wide, flush in zip(pieces, widths, right, strict=True)]
            lines.append(Text(_GAP).join(padded))
    return lines


def _padded(text: "Text", cells: int, right: bool) -> "Text":
    from rich.text import Text

    space = Text(" " * max(cells - width(text.plain), 0))
    return Text.assemble(space, text) if right else Text.assemble(text, space)


def _column_widths(cells_wide: list[list[int]], cells: int) -> list[int]:
    """A width for each column so that all fit; the widest give way first. Empty when none would be readable."""
    widths = [max(*column, 1) for column in zip(*cells_wide, strict=True)]
    room = cells - len(_GAP) * (len(widths) - 1)
    while sum(widths) > room:
        widest = widths.index(max(widths))
        if widths[widest] <= _NARROWEST:
            return []
        widths[widest] -= 1
    return widths
