"""How a text gets in: each channel puts it where that kind of text really comes from."""

from collections.abc import Callable

from tests.redteam import screen_channels, word_channels
from tests.redteam.cases import Case
from tests.redteam.world import World

Play = Callable[[World, Case], None]
CHANNELS: dict[str, Play] = {
    "paste": word_channels.paste,
    "small_paste": word_channels.small_paste,
    "typed": word_channels.typed,
    "file": word_channels.file,
    "file_name": word_channels.file_name,
    "stdin": word_channels.stdin,
    "reply": word_channels.reply,
    "reasoning": word_channels.reasoning,
    "tool_arguments": word_channels.tool_arguments,
    "tool_name": word_channels.tool_name,
    "tool_result": word_channels.tool_result,
    "memory": word_channels.memory,
    "profile_value": word_channels.profile_value,
    "title": word_channels.title,
    "summary": word_channels.summary,
    "topics": word_channels.topics,
    "session_name": word_channels.session_name,
    "import": word_channels.import_,
    "import_trusted": word_channels.import_trusted,
    "export": screen_channels.export,
    "export_name": screen_channels.export_name,
    "config": screen_channels.config,
    "model_name": screen_channels.model_name,
    "history": screen_channels.history,
    "served": screen_channels.served,
    "arguments": screen_channels.arguments,
    "slash": screen_channels.slash,
    "terminal": screen_channels.terminal,
}
