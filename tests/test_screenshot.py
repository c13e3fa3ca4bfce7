"""README's picture: the command that draws it draws the same one, and it tells nothing of where it was made."""

import os
import re
import subprocess
import sys
from getpass import getuser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.screenshot import PICTURE

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def drawn() -> ET.Element:
    """The picture as XML."""
    return ET.fromstring(PICTURE.read_text("utf-8"))  # noqa: S314 - a file of this tree


@pytest.mark.skipif(os.name != "posix", reason="it sits at a shell on a pseudo-terminal")
def test_the_command_draws_the_picture_that_readme_shows(tmp_path: Path) -> None:
    """`python -m tests.screenshot`, the whole session typed anew: the same picture to the byte."""
    anew = tmp_path / "anew.svg"
    command = [sys.executable, "-m", "tests.screenshot", str(anew)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert anew.read_text("utf-8") == PICTURE.read_text("utf-8"), "python -m tests.screenshot, and look at it"


def test_readme_shows_it_by_a_path_of_its_own_tree() -> None:
    """The first thing after the title, relative, and there."""
    shown = re.findall(r"!\[.+?\]\((.+?)\)", README)
    assert shown[0] == PICTURE.relative_to(ROOT).as_posix()
    assert all((ROOT / path).is_file() for path in shown)
    assert README.index(shown[0]) < README.index("\n## ")


def test_it_loads_nothing_and_names_no_place_or_person() -> None:
    """Well-formed; no address but SVG's own name, no script, no path or user of this computer."""
    text = PICTURE.read_text("utf-8")
    tree = drawn()
    assert tree.tag == "{http://www.w3.org/2000/svg}svg"
    assert re.findall(r"https?://[^\"]+", text) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"<script|@import|url\(|href", text)
    for place in (str(ROOT), str(Path.home()), "/tmp", f"/{getuser()}/"):
        assert place not in text


def test_no_text_of_it_leaves_its_frame() -> None:
    """Each piece begins and ends within the picture, its row too."""
    tree = drawn()
    _, _, width, height = (float(number) for number in tree.attrib["viewBox"].split())
    pieces = [piece.attrib for piece in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert len(pieces) > 30
    for piece in pieces:
        assert 0 < float(piece["x"]) < float(piece["x"]) + float(piece["textLength"]) < width
        assert 0 < float(piece["y"]) < height
