"""The table of what the notebook says: a key, then the line in English and in both Chinese scripts."""

# A key, then the line in English, traditional and simplified Chinese; `+` goes on with the line above.
LINES = """
noted
    Noted.
    記下了。
    记下了。
known
    I knew that already.
    這個我已經記著了。
    这个我已经记着了。
waits
    I kept it for you to confirm: {what}.
    先放著，等你確認：{what}。
    先放着，等你确认：{what}。
ignored
    I did not keep {what}: {why}.
    這句沒有記下來：{what}（{why}）。
    这句没有记下来：{what}（{why}）。
not_learning
    I hear you, but for this conversation only: nothing is learned here.
    知道了，但只在這個對話裡：這裡不學習。
    知道了，但只在这个对话里：这里不学习。
unknown
    I don't know that yet. Tell me, and I will keep it.
    我還不知道。你告訴我，我就記住。
    我还不知道。你告诉我，我就记住。
unknown_here
    I don't know that.
    這個我不知道。
    这个我不知道。
unknown_too
    I don't know yet: {what}.
    我還不知道的：{what}。
    我还不知道的：{what}。
only
    I find nothing about that. What I know: {what}
    這個沒有記錄。我只知道：{what}
    这个没有记录。我只知道：{what}
nothing_found
    I find nothing about that in what you told me.
    你說過的話裡，我找不到這個。
    你说过的话里，我找不到这个。
nothing_at_all
    Nothing yet. Tell me your name, where you live, what you like: I will keep it.
    還沒有。告訴我你叫什麼、住哪裡、喜歡什麼，我就記住。
    还没有。告诉我你叫什么、住哪里、喜欢什么，我就记住。
nothing_here
    Nothing, and this chat keeps nothing.
    沒有，這個對話什麼都不留。
    没有，这个对话什么都不留。
nothing_before
    I find no earlier conversation.
    我找不到之前的對話。
    我找不到之前的对话。
no_model
    I can't answer that: I am the built-in notebook, without a language model. I keep what you tell me and find
    + it again. For a real model: memchat setup
    這個我答不了：我是內建的筆記本，沒有語言模型。你說的我會記住，也找得回來。要接真正的模型：memchat setup
    这个我答不了：我是内置的笔记本，没有语言模型。你说的我会记住，也找得回来。要接真正的模型：memchat setup
no_model_2
    That needs a language model, and I am only a notebook.
    這需要語言模型，我只是筆記本。
    这需要语言模型，我只是笔记本。
no_model_3
    I know only what you told me, and not this.
    我只知道你說過的事，這個不在裡面。
    我只知道你说过的事，这个不在里面。
who
    I am memchat's built-in notebook: no language model, no key, no network. I keep what you tell me, learn plain
    + facts about you, and answer from them. For a real model: memchat setup
    我是 memchat 內建的筆記本：沒有語言模型，不用金鑰，也不用網路。你說的我會保存，學會關於你的事，
    + 再照著回答。要接真正的模型：memchat setup
    我是 memchat 内置的笔记本：没有语言模型，不用密钥，也不用网络。你说的我会保存，学会关于你的事，
    + 再照着回答。要接真正的模型：memchat setup
ability
    Tell me about yourself ("My name is Alice, I am allergic to peanuts") and ask me later; ask what we talked
    + about; /memory and /profile show what I know. I have no language model: memchat setup adds one.
    跟我說說你自己（例如：我叫小美，對花生過敏），以後再問我；也可以問我們聊過什麼；
    + /memory 和 /profile 看我記得什麼。我沒有語言模型：memchat setup 可以加。
    跟我说说你自己（例如：我叫小美，对花生过敏），以后再问我；也可以问我们聊过什么；
    + /memory 和 /profile 看我记得什么。我没有语言模型：memchat setup 可以加。
saved
    I keep that with this conversation.
    這句我和對話一起存著。
    这句我和对话一起存着。
saved_2
    Saved; ask me about it any time.
    存好了，隨時可以問我。
    存好了，随时可以问我。
not_saved
    I am listening, but I remember nothing from this chat.
    我在聽，但這個對話的事我不會記得。
    我在听，但这个对话的事我不会记得。
hello
    Hello{name}.
    你好{name}。
    你好{name}。
thanks
    You're welcome.
    不客氣。
    不客气。
bye
    Goodbye{name}.
    再見{name}。
    再见{name}。
how
    Fine, as notebooks go.
    還不錯，筆記本都這樣。
    还不错，笔记本都这样。
nod
    All right.
    好。
    好。
today
    It is {day}, {time}.
    今天是 {day}，現在 {time}。
    今天是 {day}，现在 {time}。
cut
    (I read only the first {n} characters for facts.)
    （我只從前 {n} 個字裡找要記的事。）
    （我只从前 {n} 个字里找要记的事。）
foreign
    Kept. I learn facts by rule only in English and Chinese; what you write in other languages is saved, and I
    + find it again.
foreign_2
    Kept.
last_asked
    On {day} you last said: {request} ({ref}).
    {day}你最後說：{request}（{ref}）。
    {day}你最后说：{request}（{ref}）。
last_reply
    I answered: {reply}
    我回答：{reply}
    我回答：{reply}
last_head
    On {day} ({ref}){name}:
    {day}（{ref}）{name}：
    {day}（{ref}）{name}：
last_wanted
    you wanted: {what}
    你想要的：{what}
    你想要的：{what}
last_resolved
    settled: {what}
    定下來的：{what}
    定下来的：{what}
last_pending
    still open: {what}
    還沒做的：{what}
    还没做的：{what}
last_newer
    you last said: {what}
    你最後說：{what}
    你最后说：{what}
open_head
    Still open:
    還沒做的：
    还没做的：
open_one
    Still open: {what}
    還沒做的：{what}
    还没做的：{what}
open_item
    {what} ({where})
    {what}（{where}）
    {what}（{where}）
nothing_open
    I know of nothing that is still open.
    就我所知，沒有還沒做的事。
    就我所知，没有还没做的事。
last_about
    On {day} ({ref}): {text}
    {day}（{ref}）：{text}
    {day}（{ref}）：{text}
you_said
    {day} you said: {words} ({ref})
    {day}你說：{words}（{ref}）
    {day}你说：{words}（{ref}）
you_pasted
    {day} you pasted or piped in: {words} ({ref})
    {day}你貼上：{words}（{ref}）
    {day}你贴上：{words}（{ref}）
i_said
    {day} I answered: {words} ({ref})
    {day}我說：{words}（{ref}）
    {day}我说：{words}（{ref}）
kept
    kept {day} ({ref})
    {day}記下（{ref}）
    {day}记下（{ref}）
as_display_name
    your name is {v}
    你叫{v}
    你叫{v}
as_location
    you live in {v}
    你住在{v}
    你住在{v}
as_work
    your work: {v}
    你的工作：{v}
    你的工作：{v}
as_language
    your language: {v}
    你的語言：{v}
    你的语言：{v}
as_timezone
    your time zone is {v}
    你的時區是{v}
    你的时区是{v}
as_plan
    your plan is {v}
    你的方案是{v}
    你的方案是{v}
as_goals
    your goals: {v}
    你的目標：{v}
    你的目标：{v}
as_eat
    you must not eat {v}
    你不能吃{v}
    你不能吃{v}
as_allergy
    you are allergic to {v}
    你過敏的是{v}
    你过敏的是{v}
"""
