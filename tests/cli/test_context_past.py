"""`context --last --json`: of a request that was sent, the messages that are kept, as they were sent."""

import json
from pathlib import Path

from tests.e2e.running import memchat, with_server
from tests.servers.openai_server import Server
from tests.servers.replies import Reply, Tool


def test_the_turns_own_messages_are_those_that_were_sent(openai_server: Server, tmp_path: Path) -> None:
    """The question with its file, the calls of tools and their results: without head, tail and the reply."""
    env = with_server(openai_server)
    notes = tmp_path / "notes.md"
    notes.write_text("Trial keys get 30.\n", "utf-8")
    asked = Tool("recall", '{"query": "rate limit"}', "c1")
    openai_server.script(Reply(tools=(asked,)), Reply("Thirty."))
    assert memchat("ask", "--no-wait", "-f", str(notes), "What do trial keys get?", env=env).out == "Thirty.\n"
    sent = openai_server.requests[1].body["messages"]
    told = memchat("context", "--last", "--json", env=env).json["messages"]
    assert [message["role"] for message in told] == ["user", "assistant", "tool"]
    assert [{key: value for key, value in message.items() if value is not None} for message in told] == sent[1:]
    assert memchat("memory", "why", "s1.1", "--json", env=env).json["messages"] == told
    assert json.loads(told[2]["content"])


def test_a_reply_that_never_came_leaves_the_question(openai_server: Server) -> None:
    """It was sent all the same."""
    env = with_server(openai_server)
    openai_server.script(Reply(""), Reply(""), Reply(""))
    assert memchat("ask", "--no-wait", "2+2?", env=env).code != 0
    told = memchat("context", "--last", "--json", env=env).json["messages"]
    assert told == [{"role": "user", "content": "2+2?"}]
