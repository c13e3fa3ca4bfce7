"""What the notebook answers: from what it is shown, with day and source, and plainly when it does not know."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Origin, Passage, Role, ToolCall
from memchat.memory.statements.sentences import LOOKED_AT

from tests.conftest import NOW
from tests.llm.notebook.conftest import (
    BOTH,
    RECALL,
    YESTERDAY,
    Results,
    a_change,
    a_context,
    a_fact,
    a_line,
    a_session,
    an_episode,
    calls_of,
    said_to,
)

NAME = a_fact("Alice", field="display_name", ref="m1", quote="My name is Alice")
HOME = a_fact("Taipei", field="location", ref="m2", quote="I live in Taipei")
PEANUTS = a_fact("allergic to peanuts", ref="m3", quote="I am allergic to peanuts")
PORK = a_fact("does not eat pork", ref="m4", quote="I don't eat pork", source="s1.2")
HIKING = a_fact("loves hiking", ref="m5", quote="I love hiking", source="s1.2")
RUNNING = a_fact("hates running", ref="m6", quote="I hate running", source="s1.3")
MEI = a_fact("sister Mei lives in Porto", ref="m7", quote="My sister Mei lives in Porto", source="s1.3")
NURSE = a_fact("nurse", field="occupation", ref="m8", quote="I'm a nurse", source="s1.4")
HAND = a_fact("Asia/Taipei", field="timezone", ref="m9", quote="", source="")
EXAM = a_fact("exam is on 2027-03-03", ref="m10", quote="My exam is on March 3", source="s1.5")
CATS = a_fact("allergic to cats", ref="m11", quote="I'm allergic to cats", source="s1.5")
GOAL = a_fact("run a marathon", field="goals", ref="m12", quote="My goal is to run a marathon", source="s1.6")
OLD = a_fact("born in Kyoto", ref="m13", quote="born in Kyoto", at=NOW - timedelta(days=400), source="s0.1")
KNOWN = (NAME, HOME, PEANUTS, PORK, HIKING, RUNNING, MEI, NURSE, HAND, EXAM, CATS, GOAL, OLD)
ZH_NAME = a_fact("林美華", field="display_name", ref="m1", quote="我叫林美華")
ZH_HOME = a_fact("台北", field="location", ref="m2", quote="住在台北")
ZH_PEANUTS = a_fact("對花生過敏", ref="m3", quote="我對花生過敏")
ZH_TASTE = a_fact("喜歡爬山", ref="m4", quote="我喜歡爬山", source="s1.2")
ZH_SISTER = a_fact("妹妹小美住在波多", ref="m5", quote="我妹妹小美住在波多", source="s1.2")
ZH_KNOWN = (ZH_NAME, ZH_HOME, ZH_PEANUTS, ZH_TASTE, ZH_SISTER)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is my name?", 'Alice. On 22 Nov you said: "My name is Alice" (s1.1)'),
        ("what's my name", 'Alice. On 22 Nov you said: "My name is Alice" (s1.1)'),
        ("Where do I live?", 'Taipei. On 22 Nov you said: "I live in Taipei" (s1.1)'),
        (
            "What must I not eat?",
            (
                'Peanuts and pork. On 22 Nov you said: "I am allergic to peanuts" (s1.1); '
                'on 22 Nov you said: "I don\'t eat pork" (s1.2)'
            ),
        ),
        (
            "What am I allergic to?",
            (
                'Peanuts and cats. On 22 Nov you said: "I am allergic to peanuts" (s1.1); '
                'on 22 Nov you said: "I\'m allergic to cats" (s1.5)'
            ),
        ),
        (
            "What is my name, and where do I live?",
            (
                "Your name is Alice, and you live in Taipei. "
                'On 22 Nov you said: "My name is Alice" and "I live in Taipei" (s1.1)'
            ),
        ),
        ("What do I like?", 'You love hiking. On 22 Nov you said: "I love hiking" (s1.2)'),
        ("Do I like hiking?", 'You love hiking. On 22 Nov you said: "I love hiking" (s1.2)'),
        ("What do I hate?", 'You hate running. On 22 Nov you said: "I hate running" (s1.3)'),
        (
            "Where does my sister live?",
            'Your sister Mei lives in Porto. On 22 Nov you said: "My sister Mei lives in Porto" (s1.3)',
        ),
        ("What do I do for a living?", 'Nurse. On 22 Nov you said: "I\'m a nurse" (s1.4)'),
        ("What is my time zone?", "Asia/Taipei. Kept on 22 Nov (m9)"),
        ("When is my exam?", 'Exam is on 2027-03-03. On 22 Nov you said: "My exam is on March 3" (s1.5)'),
        ("What do I have on March 3?", 'Exam is on 2027-03-03. On 22 Nov you said: "My exam is on March 3" (s1.5)'),
        ("What are my goals?", 'Run a marathon. On 22 Nov you said: "My goal is to run a marathon" (s1.6)'),
        ("Where was I born?", 'You were born in Kyoto. On 18 Oct 2025 you said: "born in Kyoto" (s0.1)'),
        (
            "Am I allergic to shrimp?",
            (
                "I find nothing about that. What I know: Peanuts and cats. "
                'On 22 Nov you said: "I am allergic to peanuts" (s1.1); '
                'on 22 Nov you said: "I\'m allergic to cats" (s1.5)'
            ),
        ),
        (
            "What is my name and what is my shoe size?",
            'Alice. On 22 Nov you said: "My name is Alice" (s1.1)\nI don\'t know yet: "what is my shoe size".',
        ),
    ],
)
def test_a_question_about_the_user_is_answered_with_day_and_source(question: str, answer: str) -> None:
    """Every fact that is told comes with its day, the user's own words and the turn they stand in."""
    assert said_to(a_context(question, *KNOWN)) == answer


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("我不能吃什麼？", "花生。11 月 22 日你說：「我對花生過敏」（s1.1）"),
        ("我不能吃什么？", "花生。11 月 22 日你说：「我對花生過敏」（s1.1）"),
        ("我叫什麼名字，住在哪裡？", "你叫林美華，你住在台北。11 月 22 日你說：「我叫林美華」「住在台北」（s1.1）"),
        ("我叫什么名字？", "林美華。11 月 22 日你说：「我叫林美華」（s1.1）"),
        ("我喜歡什麼？", "你喜歡爬山。11 月 22 日你說：「我喜歡爬山」（s1.2）"),
        ("我妹妹住在哪裡", "你妹妹小美住在波多。11 月 22 日你說：「我妹妹小美住在波多」（s1.2）"),
        ("我對蝦子過敏嗎？", "這個沒有記錄。我只知道：花生。11 月 22 日你說：「我對花生過敏」（s1.1）"),
    ],
)
def test_a_chinese_question_is_answered_in_its_own_script(question: str, answer: str) -> None:
    """Traditional for traditional, simplified for simplified; quotes and values stay as they were said."""
    assert said_to(a_context(question, *ZH_KNOWN)) == answer


def test_facts_told_in_one_language_answer_questions_in_the_other() -> None:
    """The stored value is told as it is: nothing is translated, nothing invented."""
    assert said_to(a_context("我不能吃什麼？", PEANUTS)).startswith(
        "peanuts。11 月 22 日你說：「I am allergic to peanuts」"
    )
    assert said_to(a_context("What must I not eat?", ZH_PEANUTS)).startswith('花生. On 22 Nov you said: "我對花生過敏"')
    assert said_to(a_context("What is my name?", ZH_NAME)) == '林美華. On 22 Nov you said: "我叫林美華" (s1.1)'


def test_another_persons_home_is_not_the_users() -> None:
    """`sister Mei lives in Porto` answers nothing about where the user lives."""
    assert said_to(a_context("Where do I live?", MEI)).startswith("I don't know that yet.")


def test_a_place_left_is_told_only_while_the_profile_still_names_it() -> None:
    """Two notes about places: the one that contradicts the profile matters, the other is over."""
    left = a_fact("no longer lives in Taipei", ref="m20", quote="I no longer live in Taipei")
    older = a_fact("no longer lives in Berlin", ref="m19", quote="I no longer live in Berlin")
    answer = said_to(a_context("Where do I live?", HOME, older, left))
    assert answer.startswith("Taipei and you no longer live in Taipei. ")


def test_plurals_of_every_kind_find_their_note() -> None:
    """`parties` is `party`, `loves` is `love`."""
    party = a_fact("hates garden party talk", quote="I hate garden party talk")
    assert said_to(a_context("Do I hate parties?", party)).startswith("You hate garden party talk. ")


def test_a_note_about_a_thing_is_told_as_it_stands() -> None:
    """No "you" where the note is not about the user."""
    key = a_fact("鑰匙在抽屜裡", quote="鑰匙在抽屜裡")
    assert said_to(a_context("鑰匙在哪裡？", key)).startswith("鑰匙在抽屜裡。")
    wifi = a_fact("the wifi password is on the fridge", quote="the wifi password is on the fridge")
    assert said_to(a_context("Where is the wifi password?", wifi)).startswith("The wifi password is on the fridge. ")


def test_what_is_coming_up_lists_the_dated_notes() -> None:
    """Asked for all plans, all are told; asked for a week or a month, those that fall into it."""
    rome = a_fact("flying to Rome on 2026-11-27", quote="I'm flying to Rome next Friday", ref="m30")
    assert said_to(a_context("What am I doing next week?", EXAM, rome)).startswith(
        "You are flying to Rome on 2026-11-27. "
    )
    assert said_to(a_context("我下週有什麼計畫？", EXAM, rome)).startswith("flying to Rome on 2026-11-27。")
    assert said_to(a_context("What am I doing in March?", EXAM, rome)).startswith("Exam is on 2027-03-03. ")
    assert said_to(a_context("What am I doing next week?", EXAM)).startswith("I don't know that yet.")
    assert said_to(a_context("What am I doing in 999 years?", EXAM)).startswith("I don't know that yet.")
    odd = a_fact("party on 2026-99-99", quote="party on 2026-99-99")
    assert said_to(a_context("What am I doing next week?", odd)).startswith("I don't know that yet.")
    assert said_to(a_context("What's coming up?", EXAM, HIKING)).startswith("Exam is on 2027-03-03. ")


def test_a_cat_is_not_on_the_table() -> None:
    """What must not be eaten leaves out what nobody eats; when there is nothing else, it is told."""
    assert said_to(a_context("What must I not eat?", PEANUTS, CATS)).startswith("Peanuts. ")
    assert said_to(a_context("What must I not eat?", CATS)).startswith("Cats. ")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is my name?", "I don't know that yet. Tell me, and I will keep it."),
        ("What is my shoe size?", "I don't know that yet. Tell me, and I will keep it."),
        ("我的生日是什麼時候？", "我還不知道。你告訴我，我就記住。"),
        ("我的生日是什么时候？", "我还不知道。你告诉我，我就记住。"),
        ("What did we decide about the rate limit?", "I find nothing about that in what you told me."),
        ("What did I ask last time?", "I find no earlier conversation."),
        ("我們上次聊到什麼？", "我找不到之前的對話。"),
        (
            "What do you remember about me?",
            "Nothing yet. Tell me your name, where you live, what you like: I will keep it.",
        ),
    ],
)
def test_what_is_not_known_is_said_plainly(question: str, answer: str) -> None:
    """Nothing is invented; the reply says what can be done."""
    assert said_to(a_context(question)) == answer


def test_all_that_is_known_is_listed_with_its_sources() -> None:
    """Profile first, then notes, each with its id, day and turn."""
    assert said_to(a_context("What do you remember about me?", PEANUTS, NAME, HAND)).splitlines() == [
        "- display_name: Alice (m1, 22 Nov, s1.1)",
        "- timezone: Asia/Taipei (m9, 22 Nov)",
        "- allergic to peanuts (m3, 22 Nov, s1.1)",
    ]
    assert said_to(a_context("你記得我什麼？", ZH_PEANUTS)) == "- 對花生過敏（m3, 11 月 22 日, s1.1）"


def test_the_last_conversation_is_told_from_its_summary() -> None:
    """The newest one, with its last request and reply, or a real summary as it stands."""
    older = a_session("x: last request: old", ref="s1", at=YESTERDAY - timedelta(days=1), source="s1.2")
    newer = a_session("Rates: last request: Is 100 fine?; last reply: Yes.", ref="s2", source="s2.9")
    assert said_to(a_context("What did I ask last time?", older, newer)) == (
        'On 21 Nov you last said: "Is 100 fine?" (s2.9). I answered: "Yes."'
    )
    assert said_to(a_context("What were we doing?", older)) == 'On 20 Nov you last said: "old" (s1.2).'
    given = a_session('Rates: last message, file "a": last request: no; last reply: Yes.')
    assert said_to(a_context("What did I ask last time?", given)) == f"On 21 Nov (s1.9): {given.text}"
    real = a_session("Agreed on 100 a minute.", source="")
    assert said_to(a_context("我們上次聊到什麼？", real)) == "11 月 21 日（s1）：Agreed on 100 a minute."


def recalled(*found: tuple[str, str, str, str], memories: tuple[dict[str, str], ...] = ()) -> Results:
    """A tool box whose recall finds `found`: ref, day, speaker, text."""

    def results(call: ToolCall, arguments: dict[str, str]) -> object:
        assert call.name == "recall"
        assert arguments["query"]
        keys = ("ref", "at", "speaker", "text")
        return {"found": [dict(zip(keys, one, strict=True)) for one in found], "memories": list(memories)}

    return results


def test_a_question_about_a_decision_is_looked_up_and_quoted() -> None:
    """What was said then, by whom, with day and turn."""
    results = recalled(
        ("s17.4", "2026-10-03", "user", "We settled the rate limit: 100 a minute per key."),
        ("s17.4", "2026-10-03", "assistant", "Rate limit noted."),
        ("s3.1", "2026-09-01", "user", "I like tea."),
    )
    context = a_context("What did we decide about the rate limit last month?")
    assert [call.name for call in calls_of(context)] == ["recall"]
    assert said_to(context, results=results) == (
        '- On 3 Oct you said: "We settled the rate limit: 100 a minute per key." (s17.4)\n'
        '- On 3 Oct I answered: "Rate limit noted." (s17.4)'
    )


def test_a_chinese_question_about_a_decision_is_looked_up_and_quoted() -> None:
    """The same in Chinese."""
    results = recalled(("s17.4", "2026-10-03", "user", "費率上限就定每分鐘一百次。"))
    answer = said_to(a_context("我們決定費率上限是多少？"), results=results)
    assert answer == "10 月 3 日你說：「費率上限就定每分鐘一百次。」（s17.4）"


def test_a_recalled_memory_answers_and_is_told_with_its_source() -> None:
    """A note beyond the head is as good as one in it."""
    note = {
        "ref": "m8",
        "at": "2026-10-02",
        "field": "note",
        "text": "dentist is Dr. Wu",
        "quote": "my dentist is Dr. Wu",
    }
    results = recalled(memories=({**note, "source": "s5.1"},))
    answer = said_to(a_context("Who is my dentist?"), results=results)
    assert answer == 'Dentist is Dr. Wu. On 2 Oct you said: "my dentist is Dr. Wu" (s5.1)'


def test_words_that_do_not_fit_and_the_question_itself_are_no_answer() -> None:
    """What recall finds is checked: the same question asked before, or a far word, answers nothing."""
    question = "What did we decide about the rate limit?"
    results = recalled(
        ("s1.1", "2026-10-03", "user", question),
        ("s1.1", "2026-10-03", "assistant", "I find nothing about that in what you told me."),
        ("s1.2", "bad day", "user", "We had soup."),
        ("s2.1", "2026-11-22", "user", "rate limit of this very turn"),
    )
    assert said_to(a_context(question), results=results) == "I find nothing about that in what you told me."


def test_an_episode_in_the_tail_is_quoted_too() -> None:
    """What assembly has found already stands beside what recall finds."""
    answer = said_to(a_context("What did we say about trial keys?", an_episode("Trial keys get 30 a minute.")))
    assert answer == 'On 21 Nov you said: "Trial keys get 30 a minute." (s17.4)'


def test_its_own_quotes_are_not_quoted_again() -> None:
    """Asked a second time it quotes the words themselves, not its last answer, which grew with each asking."""
    said = ("s1.1", "2026-10-03", "user", "Trial keys get 30 a minute.")
    first = ("s3.1", "2026-10-04", "assistant", 'On 3 Oct you said: "Trial keys get 30 a minute." (s1.1)')
    chinese = ("s4.1", "2026-10-04", "assistant", "10 月 3 日你說：「Trial keys get 30 a minute.」（s1.1）")
    question = "What did we say about trial keys?"
    answer = 'On 3 Oct you said: "Trial keys get 30 a minute." (s1.1)'
    assert said_to(a_context(question), results=recalled(first, chinese, said)) == answer
    assert said_to(a_context(question), results=recalled(first)).startswith("On 4 Oct I answered")


def test_what_was_only_passed_on_is_told_as_that() -> None:
    """Pasted and piped text is neither the user's word nor the notebook's; a speaker nobody knows is not the user."""
    results = recalled(
        ("s1.1", "2026-10-03", "pasted", "Trial keys get 30 a minute."),
        ("s1.2", "2026-10-03", "", "Trial keys get 31 a minute."),
    )
    assert said_to(a_context("What did we say about trial keys?"), results=results) == (
        '- On 3 Oct you pasted or piped in: "Trial keys get 30 a minute." (s1.1)\n'
        '- On 3 Oct I answered: "Trial keys get 31 a minute." (s1.2)'
    )
    shown = an_episode("Trial keys get 30 a minute.", speaker="pasted")
    assert said_to(a_context("What did we say about trial keys?", shown)).startswith("On 21 Nov you pasted")
    answered = an_episode("Trial keys get 30 a minute.", speaker="assistant")
    assert said_to(a_context("What did we say about trial keys?", answered)).startswith("On 21 Nov I answered")


def test_what_was_piped_in_here_is_told_as_that() -> None:
    """In this conversation too."""
    piped = a_line("The door is green.", Role.USER, origin=Origin.STDIN)
    context = replace(a_context("What did I just say?"), turns=(piped, a_line("Saved.", Role.ASSISTANT)))
    assert said_to(context) == 'On 22 Nov you pasted or piped in: "The door is green." (s2.1)'


def test_long_quotes_are_cut_and_undated_ones_have_no_day() -> None:
    """200 characters are enough to know the place."""
    results = recalled(("s1.1", "", "user", "trial keys " + "x" * 400))
    answer = said_to(a_context("What did we say about trial keys?"), results=results)
    assert answer.startswith('You said: "trial keys xxx')
    assert answer.endswith('…" (s1.1)')
    assert len(answer) < 230


def test_what_was_just_said_is_found_in_this_conversation() -> None:
    """No search is needed for it."""
    context = a_context("What did I just say?", before=[("The door is green.", "Saved.")])
    assert calls_of(context) == []
    assert said_to(context) == 'On 22 Nov you said: "The door is green." (s2.1)'
    assert said_to(a_context("What did I just say?")) == "I find no earlier conversation."
    earlier = a_context("What did we say about the door?", before=[("The door is green.", "Saved.")])
    assert said_to(earlier) == 'On 22 Nov you said: "The door is green." (s2.1)'
    assert (
        said_to(a_context("What did I ask last time?", before=[("Tea?", "?")])) == 'On 22 Nov you said: "Tea?" (s2.1)'
    )


def test_a_fact_learned_in_this_message_answers_its_question() -> None:
    """`I moved to Lisbon. Where do I live?` is answered with Lisbon, not with what held before."""
    answer = said_to(a_context("I moved to Lisbon. Where do I live?", HOME))
    assert answer == 'Noted.\n\nLisbon. On 22 Nov you said: "I moved to Lisbon" (s2.1)'


def test_what_changed_since_the_head_was_built_counts() -> None:
    """A replaced value is not told, a new one is, an ended one is gone."""
    moved = a_change("Lisbon", field="location", ref="m20", why="replaces m2", quote="I live in Lisbon now")
    assert said_to(a_context("Where do I live?", HOME, moved)).startswith("Lisbon. ")
    assert said_to(a_context("Where do I live?", HOME, a_change("", ref="m2", why="ended"))).startswith("I don't know")
    assert said_to(a_context("What do I like?", a_change("loves tea", quote="I love tea"))).startswith("You love tea. ")


@pytest.mark.parametrize(
    ("text", "result", "reply"),
    [
        ("I live in Rome.", {"status": "active", "id": "m1", "why": ""}, "Noted."),
        ("我住在台北。", {"status": "active", "id": "m1", "why": ""}, "記下了。"),
        ("我叫陈伟。", {"status": "active", "id": "m1", "why": ""}, "记下了。"),
        ("I live in Rome.", {"status": "refreshed", "id": "m1", "why": ""}, "I knew that already."),
        ("I live in Rome.", {"status": "pending", "id": "m1", "why": ""}, 'I kept it for you to confirm: "Rome".'),
        (
            "I live in Rome.",
            {"status": "ignored", "id": None, "why": "a secret."},
            'I did not keep "I live in Rome": a secret.',
        ),
        ("我住在台北。", {"status": "ignored", "why": "a secret"}, "這句沒有記下來：「我住在台北」（a secret）。"),
        ("I live in Rome.", {"error": "no such field"}, 'I did not keep "I live in Rome": no such field.'),
        ("I live in Rome.", "no object", 'I did not keep "I live in Rome": ?.'),
    ],
)
def test_the_reply_says_what_became_of_a_fact(text: str, result: object, reply: str) -> None:
    """Kept, known, waiting or left out with the reason."""
    assert said_to(a_context(text), results=lambda *_: result) == reply


def test_what_waits_for_a_yes_is_not_known() -> None:
    """A pending fact answers nothing."""
    context = a_context("I live in Rome. Where do I live?")
    waiting: Results = lambda *_: {"status": "pending", "id": "m1", "why": ""}  # noqa: E731 - a one-line tool box
    assert said_to(context, results=waiting) == (
        'I kept it for you to confirm: "Rome".\n\nI don\'t know that yet. Tell me, and I will keep it.'
    )


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Hello", "Hello, Alice."),
        ("hi there!", "Hello, Alice."),
        ("你好", "你好，Alice。"),
        ("thanks a lot", "You're welcome."),
        ("谢谢", "不客气。"),
        ("bye", "Goodbye, Alice."),
        ("再見", "再見，Alice。"),
        ("I feel tired today", "I keep that with this conversation."),
        ("今天天氣很好", "這句我和對話一起存著。"),
        ("How are you?", "Fine, as notebooks go."),
        ("你好嗎？", "還不錯，筆記本都這樣。"),
        ("ok", "All right."),
        ("好的", "好。"),
        ("What day is it?", "It is Sunday, 22 November 2026, 09:14."),
        ("今天星期幾？", "今天是 2026 年 11 月 22 日星期日，現在 09:14。"),
    ],
)
def test_small_talk_gets_a_short_honest_line(text: str, reply: str) -> None:
    """No pretence of more."""
    assert said_to(a_context(text, NAME)) == reply


@pytest.mark.parametrize(
    "text", ["2+2?", "2+2", "write a poem", "What is the capital of France?", "写一首诗", "幫我算一下"]
)
def test_what_needs_a_language_model_is_refused_with_the_way_to_one(text: str) -> None:
    """The first time in full, with `memchat setup`; later, shorter and not always the same."""
    assert "memchat setup" in said_to(a_context(text, turn=1))
    first = said_to(a_context(text))
    second = said_to(a_context(text, before=[(text, first)]))
    third = said_to(a_context(text, before=[(text, first), (text, second)]))
    assert len({first, second, third}) == 3
    assert "memchat setup" not in second + third


def test_asked_who_it_is_it_says_what_it_can_and_cannot() -> None:
    """A notebook, without a model."""
    assert "no language model" in said_to(a_context("Who are you?"))
    assert "/memory" in said_to(a_context("What can you do?"))
    assert "沒有語言模型" in said_to(a_context("你是誰？"))
    assert "没有语言模型" in said_to(a_context("你能做什么？"))


def test_other_languages_are_kept_and_found_and_it_says_once_that_it_learns_nothing_there() -> None:
    """The honest line comes once a conversation."""
    context = a_context("Olá, eu moro em Lisboa")
    assert calls_of(context) == []
    first = said_to(context)
    assert first.startswith("Kept. I learn facts by rule only in English and Chinese")
    assert said_to(a_context("Gosto de caminhar e não de correr", before=[("Olá", first)])) == "Kept."
    results = recalled(("s4.2", "2026-10-03", "user", "A minha médica é a Ana."))
    assert said_to(a_context("Quem é a minha médica?"), results=results) == (
        'On 3 Oct you said: "A minha médica é a Ana." (s4.2)'
    )


def test_where_nothing_is_kept_it_calls_no_tool_and_promises_nothing() -> None:
    """Incognito: no tools on offer."""
    for text in ("I live in Rome", "What did we decide about tea?", "我住在台北"):
        assert calls_of(a_context(text), ()) == []
    heard = "I hear you, but for this conversation only: nothing is learned here."
    assert said_to(a_context("I live in Rome"), ()) == heard
    assert said_to(a_context("我住在台北"), ()) == "知道了，但只在這個對話裡：這裡不學習。"
    assert said_to(a_context("What is my name?"), ()) == "I don't know that."
    assert said_to(a_context("The sky is grey."), ()) == "I am listening, but I remember nothing from this chat."
    assert said_to(a_context("Eu moro em Lisboa"), ()) == "I am listening, but I remember nothing from this chat."
    assert said_to(a_context("What do you remember about me?"), ()) == "Nothing, and this chat keeps nothing."


def test_where_nothing_is_kept_the_conversation_itself_is_still_known() -> None:
    """What was said a minute ago answers, the newest value first; it is gone with the chat."""
    before = [("My name is Bob. I live in Rome.", "I hear you."), ("I moved to Bari.", "I hear you.")]
    answer = said_to(a_context("What is my name, and where do I live?", HOME, before=before), ())
    assert answer == (
        "Your name is Bob, and you live in Bari. "
        'On 22 Nov you said: "My name is Bob" (s2.1); on 22 Nov you said: "I moved to Bari" (s2.2)'
    )
    listed = said_to(a_context("What do you know about me?", before=before[:1]), ())
    assert listed == "- display_name: Bob (s2.1, 22 Nov)\n- location: Rome (s2.1, 22 Nov)"


def test_without_learning_it_still_finds() -> None:
    """`--no-learn`: recall is on offer, remember is not."""
    context = a_context("I live in Rome. What did we decide about tea?")
    assert [call.name for call in calls_of(context, (RECALL,))] == ["recall"]
    reply = said_to(a_context("I live in Rome. What is my name?", NAME), (RECALL,))
    assert reply.startswith("I hear you, but for this conversation only")
    assert reply.endswith('Alice. On 22 Nov you said: "My name is Alice" (s1.1)')


def test_only_own_words_are_answered_and_learned() -> None:
    """Pasted and piped text is somebody's text passing through."""
    for origin in (Origin.PASTE, Origin.STDIN, Origin.FILE):
        assert calls_of(a_context("My name is Bob", origin=origin)) == []
    assert [call.name for call in calls_of(a_context("My name is Bob", origin=Origin.ARGV))] == ["remember"]


def test_a_piped_question_is_answered_and_a_piped_document_is_not_searched_for_questions() -> None:
    """`echo "What is my name?" | memchat ask`; a page that happens to ask something stays a page."""
    asked = a_context("What is my name?\n", NAME, origin=Origin.STDIN)
    assert said_to(asked).startswith("Alice. ")
    page = a_context("What is my name?\nA poem of two lines.", NAME, origin=Origin.STDIN)
    assert "Alice" not in said_to(page)
    pasted = a_context("What is my name?", NAME, origin=Origin.PASTE)
    assert "Alice" not in said_to(pasted)


def test_a_long_message_is_told_that_only_its_beginning_was_read() -> None:
    """Nothing is left out in silence."""
    text = "My name is Alice. " + "The weather is fine. " * (LOOKED_AT // 10)
    assert said_to(a_context(text)) == "Noted.\n\n(I read only the first 4,000 characters for facts.)"


def test_braces_in_a_value_are_only_braces() -> None:
    """A value is data, never a template."""
    odd = a_fact("{what} {0}", field="display_name", quote="call me {what} {0}")
    assert said_to(a_context("What is my name?", odd)) == '{what} {0}. On 22 Nov you said: "call me {what} {0}" (s1.1)'


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=200),
    st.lists(st.builds(a_fact, st.text(min_size=1, max_size=30), ref=st.text(max_size=4)), max_size=3),
)
def test_any_message_and_any_memory_get_a_reply(text: str, known: list[Passage]) -> None:
    """No text raises, and none is met with silence."""
    assert said_to(a_context(text, *known)) or not text.strip()
    assert said_to(a_context(f"What is my {text}?", *known), BOTH)
