"""What `--json` prints: one function for each kind of thing, keys as interface.md section 2 promises them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from memchat.actions.profile import Profile
from memchat.domain import JobStatus, Memory, Message, Session, Source, Turn, memory_ref
from memchat.memory.fields import MANY

if TYPE_CHECKING:
    from memchat.actions.doctor import Database, Finding
    from memchat.actions.forgetting import Plan, Receipt, Sent
    from memchat.actions.inbox import Waiting
    from memchat.actions.learning import Planned
    from memchat.actions.provenance import Story, Telling
    from memchat.actions.work import Work
    from memchat.chat.consolidating import Done

Json = dict[str, Any]


def date(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC, to the second: `2026-11-22T01:14:00Z`."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def source_json(source: Source) -> Json:
    """Where a memory comes from; session and turn are null for what was set by hand."""
    return {
        "origin": source.origin.value,
        "session": None if source.session_id is None else f"s{source.session_id}",
        "turn": source.ref or None,
        "quote": source.quote,
        "model": source.model,
    }


def memory_json(memory: Memory, now: datetime) -> Json:
    """One memory as every command shows it."""
    return {
        "id": memory.ref,
        "uid": memory.uid,
        "kind": memory.kind,
        "field": memory.field or None,
        "text": memory.text,
        "status": memory.status(now).value,
        "importance": memory.importance,
        "pinned": memory.pinned,
        "created_at": date(memory.created_at),
        "valid_from": date(memory.valid_from),
        "valid_to": date(memory.valid_to),
        "last_confirmed_at": date(memory.last_confirmed_at),
        "superseded_by": None if memory.superseded_by is None else memory_ref(memory.superseded_by),
        "sources": [source_json(source) for source in memory.sources],
    }


def waiting_json(one: "Waiting", now: datetime) -> Json:
    """A memory that waits, why, and the ids of those that hold and that it clashes with or would replace."""
    return memory_json(one.memory, now) | {"why": one.memory.why, "beside": [other.ref for other in one.beside]}


def why_json(told: "Story", now: datetime) -> Json:
    """A memory and its story: the words around each quote, how it was learned and checked, every version."""
    return memory_json(told.memory, now) | {
        "story": {
            "learned": told.learned,
            "checked": told.checked,
            "accepted_at": date(told.accepted_at),
            "sources": [telling_json(telling) for telling in told.tellings],
            "replaced": [memory.ref for memory in told.replaced],
            "replaced_by": told.replaced_by.ref if told.replaced_by else None,
            "confirmed": told.confirmed,
            "shown": {"turns": told.shown, "last": told.last_shown or None},
            "versions": [memory_json(memory, now) for memory in told.versions],
        }
    }


def telling_json(telling: "Telling") -> Json:
    """A source with the words around its quote; `found` is there, erased or gone."""
    return source_json(telling.source) | {
        "at": date(telling.source.at),
        "title": telling.title,
        "found": telling.found.value,
        "before": telling.before,
        "quote": telling.quote,
        "after": telling.after,
        "accepted": telling.accepted,
    }


def value_json(memory: Memory) -> Json:
    """One value of the profile."""
    return {
        "value": memory.text,
        "id": memory.ref,
        "valid_from": date(memory.valid_from),
        "source": source_json(memory.sources[0]) if memory.sources else None,
    }


def field_json(field: str, values: Sequence[Memory]) -> Json | list[Json] | None:
    """What one field holds: an object or null; an array for a field of several values."""
    if field in MANY:
        return [value_json(memory) for memory in values]
    return value_json(values[-1]) if values else None


def profile_json(profile: Profile) -> Json:
    """Every configured field, in order."""
    return {field: field_json(field, values) for field, values in profile.items()}


def session_json(session: Session, summarised_to: str = "") -> Json:
    """One conversation, without its words. `summarised_to` is the newest turn that its summary covers."""
    return {
        "id": session.ref,
        "uid": session.uid,
        "kind": session.kind.value,
        "title": session.title,
        "name": session.name or None,
        "summary": session.summary,
        "summarised_to": summarised_to or None,
        "topics": list(session.topics),
        "created_at": date(session.created_at),
        "last_at": date(session.last_at),
        "model": session.model,
        "host": session.host,
        "turns": session.turns,
        "learns": session.learn,
    }


def turn_json(turn: Turn) -> Json:
    """One turn, message by message."""
    return {"id": turn.ref, "messages": [message_json(message) for message in turn.messages]}


def message_json(message: Message) -> Json:
    """One message with its parts; what is barred is shown here too, and marked."""
    return {
        "role": message.role.value,
        "status": message.status.value,
        "created_at": date(message.created_at),
        "model": message.model,
        "parts": [
            {
                "kind": part.kind.value,
                "origin": part.origin.value,
                "name": part.name,
                "content": part.content,
                "barred": part.barred,
            }
            for part in message.parts
        ],
    }


def plan_json(plan: "Plan", now: datetime) -> Json:
    """What `forget --dry-run` would erase; `count` is what `--expect` wants."""
    return {
        "erased": False,
        "count": plan.size,
        "memories": [memory_json(memory, now) for memory in plan.memories],
        "places": [place.ref for place in plan.places],
        "whole": [place.ref for place in plan.rows],
        "summaries": [place.ref for place in plan.summaries],
        "titles": [place.ref for place in plan.titles],
        "shown": list(plan.shown),
        "words": list(plan.erasing.phrases),
        "looks_alike": [{"word": word, "ref": ref} for word, ref in plan.alike],
        "copies": [str(copy) for copy in plan.copies],
        "sent_to": [sent_json(sent) for sent in plan.sent],
    }


def receipt_json(receipt: "Receipt", not_reached: Sequence[str]) -> Json:
    """What was erased, in how many places words became `[erased]`, what was checked, and what is not reached."""
    checked = receipt.checked
    return {
        "erased": True,
        "memories": list(receipt.ids),
        "places": receipt.places,
        "whole": list(receipt.rows),
        "summaries": receipt.summaries,
        "blocked": receipt.blocked,
        "traces": receipt.traces,
        "checked": {
            "rows": list(checked.rows),
            "index": list(checked.terms),
            "found_in": list(checked.found),
            "files": list(checked.files),
            "bytes": checked.size,
            "not_told_by_bytes": list(checked.untold),
        },
        "deleted": [str(copy) for copy in receipt.deleted],
        "sent_to": [sent_json(sent) for sent in receipt.sent],
        "not_reached": list(not_reached),
    }


def sent_json(sent: "Sent") -> Json:
    """A host that may have been sent it, between the first and the last conversation that counts."""
    return {"host": sent.host, "first": date(sent.first), "last": date(sent.last)}


def doctor_json(
    database: "Database",
    findings: "Sequence[Finding]",
    not_begun: int,
    ignored: Mapping[str, int] = MappingProxyType({}),
) -> Json:
    """What `doctor` found: the file, jobs not done, how many there would be besides, drafts not taken by reason."""
    exists = database.size is not None
    return {
        "database": {"path": str(database.path), "exists": exists, "bytes": database.size},
        "jobs": [finding_json(finding) for finding in findings],
        "not_begun": not_begun,
        "ignored": dict(ignored),
    }


def finding_json(finding: "Finding") -> Json:
    """A job that waits, failed or is under way; `next_try` only where it waits, `remedy` what to do about it."""
    job = finding.work.job
    waiting = job.status is JobStatus.WAITING
    return {
        "id": job.id,
        **work_json(finding.work),
        "status": job.status.value,
        "since": date(job.created_at),
        "attempts": job.attempts,
        "error": job.error or None,
        "next_try": date(job.not_before) if waiting else None,
        "model": job.model,
        "host": job.host,
        "remedy": finding.remedy or None,
    }


def work_json(work: "Work") -> Json:
    """What a job is about; `session` is null for one-shots, which `turns` names."""
    return {
        "kind": work.job.kind.value,
        "session": work.session.ref if work.session else None,
        "turns": list(work.refs),
    }


def done_json(work: "Work", done: "Done", now: datetime) -> Json:
    """What came of a job: `fate` is done, waits, failed or stopped; what was learned has its status."""
    kept = done.kept
    return {
        "id": work.job.id,
        **work_json(work),
        "fate": done.fate.value,
        "error": done.error or None,
        "learned": [memory_json(change.memory, now) for change in kept.learned] if kept else [],
        "ignored": dict(kept.ignored) if kept else {},
    }


def planned_json(planned: "Planned") -> Json:
    """What would be asked for one job; `cost` in US dollars, null where no price is known."""
    return {
        **work_json(planned.work),
        "model": planned.model,
        "host": planned.host,
        "requests": planned.calls,
        "tokens": planned.tokens,
        "cost": planned.cost,
        "error": planned.error or None,
    }
