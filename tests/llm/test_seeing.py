"""Which models read pictures, and what is sent to those that do and those that do not."""

from dataclasses import replace
from typing import Any

import pytest
from memchat.domain import Part, PartKind
from memchat.domain.conversation import Origin, Role
from memchat.llm.messages import holds_pictures, render
from memchat.llm.notebook.model import NotebookModel
from memchat.llm.seeing import sees
from memchat.llm.windows import Route

from tests.builders import a_message, typed
from tests.llm.ways import a_context, a_model, a_route
from tests.pictures import a_picture
from tests.servers.openai_server import Server


def a_way(litellm_name: str, provider: str = "") -> Route:
    """A provider's model by litellm's name."""
    return Route(litellm_name, litellm_name, provider or litellm_name.partition("/")[0], "host", "", "key", local=False)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("openai/gpt-4o-mini", True),
        ("anthropic/claude-sonnet-4-5", True),
        ("gemini/gemini-2.5-flash", True),
        ("openrouter/openai/gpt-4o-mini", True),  # in the list without the router before it
        ("openai/gpt-3.5-turbo", False),
        ("deepseek/deepseek-chat", False),
        ("openai/some-model-of-tomorrow", False),
    ],
)
def test_known_models_are_in_the_list(name: str, expected: bool) -> None:
    """litellm's own, read offline; of whom nobody says that it sees, it does not."""
    assert sees(a_way(name)) is expected


@pytest.mark.parametrize(
    ("provider", "path", "page", "expected"),
    [
        ("ollama", "/api/show", {"capabilities": ["completion", "vision"]}, True),
        ("ollama", "/api/show", {"capabilities": ["completion"]}, False),
        ("ollama", "/api/show", {"capabilities": None}, False),
        ("ollama", "/api/show", [1], False),
        ("lm_studio", "/api/v0/models/test-model", {"type": "vlm"}, True),
        ("lm_studio", "/api/v0/models/test-model", {"type": "llm"}, False),
        ("lm_studio", "/api/v0/models/other", {"type": "vlm"}, False),
        ("llamacpp", "/props", {"modalities": {"vision": True, "audio": False}}, True),
        ("llamacpp", "/props", {"modalities": {"vision": False}}, False),
        ("llamacpp", "/props", {"modalities": "vision"}, False),
    ],
)
def test_a_server_on_this_computer_is_asked(
    openai_server: Server, provider: str, path: str, page: Any, expected: bool
) -> None:
    """Each kind in its own words; what answers otherwise does not see."""
    openai_server.pages[path] = page
    route = replace(a_route(openai_server, provider=provider, prefix="ollama_chat"), named=True)
    assert sees(route) is expected


def test_a_server_that_nobody_named_is_not_asked(openai_server: Server) -> None:
    """Nothing leaves for a place that no person chose."""
    openai_server.pages["/api/show"] = {"capabilities": ["vision"]}
    assert sees(replace(a_route(openai_server, provider="ollama"), named=False)) is False
    assert openai_server.others == []


def test_the_notebook_reads_none() -> None:
    """It has no eyes."""
    assert NotebookModel().sees is False


def test_a_picture_stands_behind_its_name_and_before_the_words() -> None:
    """As OpenAI's wire has it: a text, the picture as a data address, a text."""
    picture = a_picture()
    user = replace(a_message(), parts=(picture, *typed("What is it?")))
    sent = render(replace(a_context(head="", tail="[memory]"), user=user))
    assert sent == [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": '[memory]\n\n[image "cat.png"]'},
                {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{picture.content}"}},
                {"type": "text", "text": "What is it?"},
            ],
        }
    ]


def test_a_message_with_pictures_stays_the_same_later() -> None:
    """What was sent without a tail begins what is sent next, byte for byte."""
    file = Part(PartKind.FILE, Origin.FILE, "one\n", name="a.txt")
    user = replace(a_message(), parts=(file, a_picture(), a_picture(name="dog.png"), *typed("Which is larger?")))
    context = replace(a_context(head="You are memchat."), user=user)
    now = render(context)
    later = render(a_context("And now?", turns=[user, a_message("The dog.", role=Role.ASSISTANT)]))
    assert later[: len(now)] == now
    assert [block["type"] for block in now[1]["content"]] == ["text", "image_url", "text", "image_url", "text"]
    assert now[1]["content"][0]["text"] == '[file "a.txt"]\n```\none\n```\n\n[image "cat.png"]'
    assert holds_pictures(context)
    assert holds_pictures(a_context(turns=[user]))
    assert not holds_pictures(a_context())


def test_pictures_alone_are_a_message() -> None:
    """`memchat ask -f cat.png`."""
    sent = render(replace(a_context(head=""), user=replace(a_message(), parts=(a_picture(),))))
    assert [block["type"] for block in sent[0]["content"]] == ["text", "image_url"]


def test_a_model_that_cannot_see_is_told_so() -> None:
    """Another took over, or the conversation is gone on with: the picture stays here, its name goes."""
    user = replace(a_message(), parts=(a_picture(), *typed("What is it?")))
    sent = render(replace(a_context(head="", tail="[memory]"), user=user), sees=False)
    text = '[memory]\n\n[image "cat.png", which you cannot see]\n\nWhat is it?'
    assert sent == [{"role": "user", "content": text}]


def test_a_barred_picture_never_leaves() -> None:
    """Not even its name."""
    user = replace(a_message(), parts=(a_picture(barred=True), *typed("What is it?")))
    assert render(replace(a_context(head=""), user=user)) == [{"role": "user", "content": "What is it?"}]


@pytest.mark.parametrize("able", [True, False])
def test_a_model_is_sent_what_it_can_read(openai_server: Server, able: bool) -> None:
    """Over the real wire, through litellm; whether it sees is asked once, and not before there is a picture."""
    openai_server.pages["/props"] = {"modalities": {"vision": able}}
    model = a_model(replace(a_route(openai_server, provider="llamacpp", prefix="openai"), named=True))
    list(model.stream(a_context(), ()))
    assert not [seen for seen in openai_server.others if seen.path == "/props"]
    for _ in range(2):
        user = replace(a_message(), parts=(a_picture(), *typed("What is it?")))
        list(model.stream(replace(a_context(), user=user), ()))
    assert len([seen for seen in openai_server.others if seen.path == "/props"]) == 1
    content = openai_server.requests[-1].messages[-1]["content"]
    if able:
        assert content[1]["image_url"]["url"].startswith("data:image/png;base64,iVBOR")
    else:
        assert content == '[image "cat.png", which you cannot see]\n\nWhat is it?'


def test_ollama_gets_pictures_in_its_own_field(openai_server: Server) -> None:
    """litellm puts them there, as bare base64."""
    openai_server.pages["/api/show"] = {"capabilities": ["vision"], "model_info": {"llama.context_length": 8192}}
    model = a_model(replace(a_route(openai_server, provider="ollama", prefix="ollama_chat"), named=True))
    user = replace(a_message(), parts=(a_picture(), *typed("What is it?")))
    list(model.stream(replace(a_context(), user=user), ()))
    last = openai_server.requests[-1].messages[-1]
    assert last["images"] == [a_picture().content]
    assert "What is it?" in last["content"]
