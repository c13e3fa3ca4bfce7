"""What is taken out of the words of an import before they are kept, and where the quotes in them stand then."""

import json
from typing import Any

from memchat.domain import Cleaned
from memchat.ports.records import Cleaner
from memchat.store.record_forms import Form


class Cleaning:
    """Cleans rows; `found` counts what was taken out."""

    def __init__(self, clean: Cleaner | None) -> None:
        self._clean = clean
        self._parts: dict[int, Cleaned] = {}  # those that lost something, by their ids in the file
        self.found = 0

    def row(self, form: Form, row: dict[str, Any]) -> dict[str, Any]:
        """The row without what shall not be kept. A picture's content is no text and stays."""
        if self._clean is None:
            return row
        for field in form.fields:
            value = row[field.at]
            if not field.words or not value or (field.key == "content" and row["kind"] == "image"):
                continue
            if field.key == "topics":
                told = [self._text(topic).text for topic in json.loads(value)]
                row[field.at] = json.dumps(told, ensure_ascii=False)
                continue
            cleaned = self._text(value)
            row[field.at] = cleaned.text
            if cleaned.cuts and field.key == "content":
                self._parts[row["id"]] = cleaned
        if form.kind == "source" and row["part_id"] in self._parts and row["span_start"] is not None:
            span = moved((row["span_start"], row["span_end"]), self._parts[row["part_id"]])
            row["span_start"], row["span_end"] = span or (None, None)
        return row

    def _text(self, text: str) -> Cleaned:
        assert self._clean is not None  # noqa: S101 - told apart above
        cleaned = self._clean(text)
        self.found += len(cleaned.cuts)
        return cleaned


def moved(span: tuple[int, int | None], cleaned: Cleaned) -> tuple[int, int] | None:
    """Where a span stands after the text was cleaned; None when something was taken out of it."""
    start, end = span[0], span[0] if span[1] is None else span[1]
    shift = 0
    for first, last, length in cleaned.cuts:
        if last <= start:
            shift += length - (last - first)
        elif first < end:
            return None
    return start + shift, end + shift
