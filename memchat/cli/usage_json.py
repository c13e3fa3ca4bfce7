"""What `memchat usage --json` prints: one object, whose lists are empty where nothing was."""

from memchat.actions.usage import Report, Row, Saved, Spending, Week
from memchat.cli.json_view import Json


def report_json(told: Report) -> Json:
    """All of it. Costs are in US dollars, null where no price is known; shares run from 0 to 1; days are local ones.

    `answered_here` are the turns that a model in this process answered: these sent nothing.
    """
    return {
        "since": told.since.isoformat() if told.since else None,
        "total": spending_json(told.total),
        "days": [row_json(row) for row in told.days],
        "models": [row_json(row) for row in told.models],
        "memory": {
            "shown_tokens": told.shown,
            "shown_share": _share(told.shown, told.answers.usage.prompt_tokens),
            "calls": spending_json(told.upkeep),
        },
        "saved": saved_json(told.saved),
        "weeks": [week_json(week) for week in told.weeks],
        "answered_here": told.answered_here,
    }


def spending_json(one: Spending) -> Json:
    """What calls came to; `calls` are those that left this process, as on the screen.

    `unpriced` counts those to other computers whose cost is not known, so not in `cost`.
    """
    usage = one.usage
    return {
        "calls": one.sent,
        "prompt_tokens": usage.prompt_tokens,
        "cached_tokens": usage.cached_tokens,
        "cached_share": None if one.cached_share is None else round(one.cached_share, 4),
        "completion_tokens": usage.completion_tokens,
        "memory_tokens": one.memory_tokens,
        "cost": usage.cost,
        "unpriced": one.unpriced,
    }


def row_json(row: Row) -> Json:
    """One model on one day, or altogether; `host` is empty where nothing left the process."""
    day = {"day": row.day.isoformat()} if row.day else {}
    return {**day, "model": row.model, "host": row.host, **spending_json(row.spending)}


def saved_json(told: Saved | None) -> Json | None:
    """Sent beside an estimate of resending everything; null where no chat went to another process."""
    if told is None:
        return None
    return {
        "chats": told.chats,
        "turns": told.turns,
        "sent_tokens": told.sent,
        "everything_tokens": told.everything,
        "saved_tokens": told.tokens,
        "saved_share": _share(told.tokens, told.everything),
    }


def week_json(week: Week) -> Json:
    """What became of memories in the week that begins on `week`, a Monday."""
    return {
        "week": week.monday.isoformat(),
        "learned": week.learned,
        "confirmed": week.confirmed,
        "superseded": week.superseded,
        "forgotten": week.forgotten,
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
