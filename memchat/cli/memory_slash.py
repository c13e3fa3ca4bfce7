"""The slash commands about what is remembered: through the same actions as the commands of the shell."""

from collections.abc import Sequence
from datetime import datetime

from memchat.cli.conversation import Conversation
from memchat.cli.layout import prose
from memchat.cli.slash import need
from memchat.domain import MemoryStatus

NEW = "new"


def profile(chat: Conversation, _: str) -> None:
    """`/profile`: what is known, field by field."""
    from memchat.actions import profile
    from memchat.cli import render

    now = chat.now()
    shown = profile.show(chat.store, chat.app.fields, now)
    tokens = profile.tokens(shown, now, chat.app.counter)
    before = profile.replaced(chat.store, shown)
    chat.print(render.profile(chat.screen, shown, before, now, tokens=tokens))


def memory(chat: Conversation, ref: str) -> None:
    """`/memory`: all there is; with an id that one; `/memory new` what nobody was told of yet, and what waits."""
    from memchat.actions import memories
    from memchat.actions.references import fold
    from memchat.cli import render

    now = chat.now()
    if fold(ref) == NEW:
        _news(chat)
        return
    if ref:
        found = memories.get(chat.store, chat.app.fields, ref, now)
        titles = {
            s.session_id: chat.store.transcripts.session(s.session_id).title for s in found.sources if s.session_id
        }
        versions = chat.store.erasure.versions(found.id)
        chat.print(render.memory(chat.screen, versions, found, now, titles))
        return
    listed = memories.listing(chat.store, now)
    counts = memories.counts(chat.store, now)
    lines = render.memories(chat.screen, listed, now) or prose(chat.screen, "No memories yet.")
    chat.print([*lines, *(render.summary(chat.screen, counts, review="/review") if counts else ())])


def _news(chat: Conversation) -> None:
    from memchat.actions import memories
    from memchat.cli import news

    now, store = chat.now(), chat.store
    untold = store.memories.untold()
    new = {memory.id for memory in (*chat.counted, *untold)}
    everything = memories.listing(store, now, status="all")
    found = [memory for memory in everything if memory.id in new and memory.status(now) is MemoryStatus.ACTIVE]
    waiting = [memory for memory in everything if news.waits(memory, now)]
    chat.print(news.listing(chat.screen, found, waiting, now))
    chat.counted = []
    if untold:
        store.memories.told(untold[-1].id)


def remember(chat: Conversation, text: str) -> None:
    """`/remember TEXT`."""
    from memchat.actions import memories
    from memchat.cli import receipts

    need(text, "/remember I am allergic to peanuts")
    masks = chat.app.settings.privacy.mask_secrets
    learned = memories.add(chat.store, text, chat.app.clock.now(), mask_secrets=masks)
    chat.print(receipts.learned(chat.screen, learned, chat.now(), "/undo"))


def forget(chat: Conversation, text: str) -> None:
    """`/forget ID|TEXT`: what would go, a question, and then it is gone."""
    from memchat.cli import forget_question

    need(text, "/forget m12")
    forget_question.ask(chat, forget_question.named(text, chat.app.fields))


def review(chat: Conversation, refs: str) -> None:
    """`/review`: what waits, one after the other; with ids only these."""
    from memchat.actions import inbox
    from memchat.cli.review import NOTHING, Desk, walk

    now, store = chat.now(), chat.store
    found = inbox.named(store, chat.app.fields, refs.split(), now) if refs else inbox.waiting(store, now)
    if not found:
        chat.tell(NOTHING)
        return
    masks = chat.app.settings.privacy.mask_secrets

    def show(lines: Sequence[str]) -> None:
        chat.screen.out("\n" + "\n".join(lines))

    fields = chat.app.fields
    desk = Desk(store, fields, chat.now, chat.screen, chat.ask, show, chat.fail, mask_secrets=masks, back="/undo")
    chat.print(walk(desk, found))


def pin(chat: Conversation, refs: str) -> None:
    """`/pin ID`: every chat carries it from the next head on."""
    _pin(chat, refs, pinned=True)


def unpin(chat: Conversation, refs: str) -> None:
    """`/unpin ID`."""
    _pin(chat, refs, pinned=False)


def _pin(chat: Conversation, refs: str, *, pinned: bool) -> None:
    from memchat.actions import memories
    from memchat.cli import render

    need(refs, f"/{'pin' if pinned else 'unpin'} m12")
    done = memories.pin(chat.store, chat.app.fields, refs.split(), chat.app.clock.now(), pinned=pinned)
    chat.print(render.pinned(chat.screen, done))


def why(chat: Conversation, ref: str) -> None:
    """`/why`: what the last reply was shown, `/why s17.4` what that one was; `/why m12` why that memory is believed."""
    from memchat.actions.references import session_place
    from memchat.cli import why_view

    now = chat.now()
    if ref and session_place(ref) is None:
        from memchat.actions import provenance

        story = provenance.story(chat.store, chat.app.fields, ref, now)
        chat.print(why_view.why(chat.screen, story, now, in_chat=True))
    else:
        _shown(chat, ref, now)


def _shown(chat: Conversation, ref: str, now: datetime) -> None:
    """What a turn was shown; without `ref` the newest of this chat."""
    from memchat.actions import context
    from memchat.cli import shown_view

    session = chat.engine.session
    if not ref and not chat.engine.turns:
        chat.tell("This conversation has no reply yet.")
        return
    if not ref and not chat.engine.mode.saves:
        chat.tell("The last reply was shown nothing of memory.")
        return
    past = context.shown(chat.store, context.turn_of(ref) if ref or session is None else session.ref)
    newest = session is not None and past.session.id == session.id and past.turn.number == _newest(chat)
    found = chat.shown if newest else ()
    chat.print(shown_view.shown(chat.screen, past, now, found, in_chat=True, newest=newest))


def _newest(chat: Conversation) -> int:
    """The number of the turn whose reply came last here."""
    turns = chat.engine.turns
    return turns[-1].number if turns else 0
