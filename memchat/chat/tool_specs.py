"""What a model is told of its tools: names, descriptions, JSON schemas."""

from collections.abc import Sequence

from memchat.domain import ToolSpec

NOTE = "note"


def remember_spec(fields: Sequence[str]) -> ToolSpec:
    """`remember` with the configured profile fields."""
    return ToolSpec(
        "remember",
        "Keep one lasting fact that the user just said about themselves. Call it once for each fact. The user sees it.",
        {
            "type": "object",
            "properties": {
                "field": {
                    "type": "string",
                    "enum": [*fields, NOTE],
                    "description": f"The profile field it belongs to, else {NOTE}.",
                },
                "text": {
                    "type": "string",
                    "description": "The plain value (Taipei), or one short sentence for a note (allergic to peanuts), "
                    "in the user's language and words.",
                },
                "quote": {
                    "type": "string",
                    "description": "The words it rests on, copied exactly from the user's newest message.",
                },
            },
            "required": ["field", "text", "quote"],
            "additionalProperties": False,
        },
    )


RECALL = ToolSpec(
    "recall",
    "Look into earlier conversations and memories, by words and meaning. Call it again with other words, or in the "
    "user's other languages, when nothing fits.",
    {
        "type": "object",
        "properties": {
            "query": {"type": "string", "description": "A few words that were probably said then."},
            "since": {"type": "string", "description": "First day, YYYY-MM-DD. Leave it out for any time."},
            "until": {"type": "string", "description": "Last day, YYYY-MM-DD. Leave it out for any time."},
        },
        "required": ["query"],
        "additionalProperties": False,
    },
)

READ_SESSION = ToolSpec(
    "read_session",
    "Read on in one conversation that `recall` or a summary named, or open what was left out of this one: what stands "
    "there about a question, files and what tools gave included.",
    {
        "type": "object",
        "properties": {
            "id": {"type": "string", "description": "The conversation's id (s17), or one turn of it (s17.4)."},
            "question": {"type": "string", "description": "What you want to know from it."},
        },
        "required": ["id"],
        "additionalProperties": False,
    },
)

PROPOSE_FORGET = ToolSpec(
    "propose_forget",
    "Only when the user asks to forget something, or says that something known is wrong and nothing takes its place. "
    "The user is asked; nothing is erased by you.",
    {
        "type": "object",
        "properties": {
            "id": {"type": "string", "description": "The memory's id (m12), or a profile field's name."},
            "reason": {"type": "string", "description": "One short sentence: what the user said."},
        },
        "required": ["id", "reason"],
        "additionalProperties": False,
    },
)
