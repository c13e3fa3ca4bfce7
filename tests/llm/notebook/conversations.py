"""Little conversations and what their summaries must and must not hold: those the rules were made with.

Each turn is what the user typed, then after `||` what was answered: nothing for an ordinary answer, `?` for the
notebook's "I don't know", `-` for no reply at all. Expectations are pieces of one part of the summary, letter case
aside; one that begins with `!` must not be there.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Talk:
    """One conversation. `never` must be in no part; `title` is a piece of the title."""

    name: str
    turns: tuple[str, ...]
    wanted: tuple[str, ...] = ()
    resolved: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    title: str = ""


ENGLISH = (
    Talk(
        "a trip",
        (
            "Hi, my name is Alice and I live in Taipei.",
            "Can you help me plan a trip to Porto in May?",
            "Which hotel is close to the station? || ?",
            "ok, let's go with Hotel Sol",
            "Nice. I still need to book the flights. Remind me to call the bank tomorrow.",
            "thanks!",
        ),
        wanted=("plan a trip to Porto in May", "!bank", "!alice"),
        resolved=("go with Hotel Sol",),
        pending=("book the flights", "call the bank tomorrow", "!porto", "!which hotel"),
        never=("thanks",),
        title="trip to Porto",
    ),
    Talk(
        "a bug, fixed",
        (
            "My pytest run fails with a timeout in the login test, what could it be?",
            "I tried that, still the same error",
            "ok I raised the timeout to 30 seconds and it works now",
            "great, thank you",
        ),
        wanted=("login test",),
        resolved=("works now",),
        pending=("!timeout", "!error"),
        title="login test",
    ),
    Talk(
        "code in a fence",
        (
            "Can you review this?\n```python\ndef decide():\n    todo = 'remind me to sell'\n    return todo\n```",
            "Should I rename it to choose()?",
            "ok, I renamed it. Next step: add the tests",
        ),
        wanted=("review this",),
        pending=("add the tests",),
        never=("sell", "return", "def "),
    ),
    Talk(
        "only facts",
        ("I like tea", "I am allergic to peanuts || Noted.", "My sister Mei lives in Porto || Noted."),
        wanted=("!noted",),
        resolved=("!tea",),
        pending=("!peanuts",),
    ),
    Talk(
        "small talk",
        ("hi there", "how are you?", "lol", "bye"),
        resolved=("!bye", "!lol"),
        pending=("!how",),
    ),
    Talk(
        "a list of things to do",
        (
            "Todo for this week:\n- buy milk\n- call mom\n- renew the passport",
            "I called mom",
            "what else is on my list?",
        ),
        wanted=("what else is on my list",),
        resolved=("called mom",),
        pending=("buy milk", "renew the passport", "!call mom"),
    ),
    Talk(
        "database choice",
        (
            "We need to pick a database for the billing service. Postgres or MySQL?",
            "What about licensing?",
            "How do both handle JSON columns?",
            "We decided on Postgres, mostly because Ines knows it.",
            "I have to tell Ines about the trial keys on Monday.",
        ),
        wanted=("billing", "!ines"),
        resolved=("decided on Postgres",),
        pending=("tell Ines about the trial keys", "!licensing"),
    ),
    Talk(
        "asking the notebook",
        (
            "My name is Bob || Noted.",
            'What is my name? || Bob. On 22 Nov you said: "My name is Bob" (s1.1)',
            "Where do I live? || ?",
            "I live in Leeds || Noted.",
            "Write me a limerick about cats || I can't answer that: I am the built-in notebook",
        ),
        pending=("limerick about cats", "!where do I live", "!my name"),
        resolved=("!bob",),
    ),
    Talk(
        "translation",
        (
            "Translate into French: I need to call the dentist tomorrow. We decided to buy the house.",
            "And make it more formal please",
        ),
        wanted=("translate into French",),
        resolved=("!house",),
        pending=("!dentist",),
        never=("buy the house",),
    ),
    Talk(
        "a wedding speech",
        (
            "I'd like you to write a short speech for my brother's wedding. He is a chef.",
            "Shorter, under one minute.",
            "Add a joke about his burnt lasagna",
            "Perfect, I'll take this version.",
            "I still have to print it before Saturday",
        ),
        wanted=("speech for my brother's wedding", "lasagna"),
        resolved=("take this version",),
        pending=("print it before Saturday",),
        title="speech",
    ),
    Talk(
        "done, said barely",
        (
            "Remind me to submit the tax form",
            "What is the deadline for paper forms?",
            "done, submitted it",
            "Don't forget to water the plants on Friday",
        ),
        wanted=("deadline for paper forms",),
        resolved=("submitted",),
        pending=("water the plants", "!tax form"),
    ),
    Talk(
        "cancelled",
        (
            "I have to book a table for Friday",
            "never mind, Ines is ill. No table then.",
            "Can you suggest a soup recipe for two?",
        ),
        wanted=("soup recipe",),
        pending=("!book a table",),
    ),
    Talk(
        "a quotation",
        (
            'My boss wrote: "Please send me the report by tomorrow, we cut the budget". How should I answer?',
            "Make it polite but firm",
        ),
        wanted=("how should I answer",),
        never=("budget", "send me the report"),
    ),
    Talk(
        "learning",
        (
            "Explain how transformers use attention",
            "why the softmax?",
            "and multi-head?",
            "Can you give me three exercises on attention?",
            "I'll do the exercises tomorrow evening",
        ),
        wanted=("transformers use attention", "three exercises"),
        pending=("do the exercises tomorrow",),
        title="transformers",
    ),
    Talk(
        "moving house",
        (
            "I'm moving to Lisbon in March. What do I need to register there?",
            "Do I need a NIF before renting?",
            "I've booked the movers already",
            "I haven't decided yet whether to sell the car",
            "Waiting for the landlord's answer about the deposit",
            "ok then we keep the car",
        ),
        wanted=("NIF",),
        resolved=("booked the movers", "keep the car"),
        pending=("landlord", "!sell the car"),
    ),
)

CHINESE = (
    Talk(
        "高雄",
        (
            "我下週五要去高雄，幫我排兩天的行程",
            "駁二附近有什麼好吃的？ || ?",
            "那就住駁二附近的民宿",
            "車票買好了",
            "還沒決定要不要租機車，記得提醒我帶護照",
            "謝謝",
        ),
        wanted=("兩天的行程",),
        resolved=("住駁二附近的民宿", "車票買好了"),
        pending=("租機車", "帶護照", "!行程"),
        never=("謝謝",),
    ),
    Talk(
        "报表",
        (
            "帮我写一个统计销售额的SQL",
            "为什么要用左连接？",
            "能不能按月份分组？",
            "好了，跑通了，搞定",
            "明天要把结果发给王经理",
        ),
        wanted=("销售额",),
        resolved=("搞定",),
        pending=("发给王经理", "!月份"),
        title="销售额",
    ),
    Talk(
        "只有事實",
        ("我喜歡喝茶", "我對花生過敏 || 記下了。", "我妹妹小美住在波多 || 記下了。"),
        resolved=("!喝茶",),
        pending=("!花生",),
    ),
    Talk(
        "选手机",
        (
            "我想换手机，预算四千，有什么推荐吗？",
            "拍照哪个比较好？",
            "电池呢？",
            "那就买小米吧",
            "还得把旧手机的照片备份",
        ),
        wanted=("换手机",),
        resolved=("买小米",),
        pending=("照片备份", "!电池"),
    ),
    Talk(
        "翻譯",
        ("請幫我翻譯成英文：我明天要去看牙醫，我們決定搬家。", "再正式一點"),
        wanted=("翻譯成英文",),
        pending=("!牙醫",),
        resolved=("!搬家",),
    ),
    Talk(
        "待辦",
        ("待辦：買牛奶、打電話給媽媽、繳電話費", "電話費繳了", "牛奶買好了", "週末想去爬山，有推薦的路線嗎？"),
        wanted=("爬山",),
        resolved=("電話費繳了", "牛奶買好了"),
    ),
    Talk(
        "论文",
        (
            "帮我看看论文的摘要怎么改比较好",
            "导师说太长了，应该删哪一部分？",
            "我决定把第二段删掉",
            "下一步：改结论",
            "等导师回复再投稿",
        ),
        wanted=("论文的摘要",),
        resolved=("第二段删掉",),
        pending=("改结论", "导师回复"),
        title="论文",
    ),
    Talk(
        "問筆記本",
        (
            "我叫林美華 || 記下了。",
            "我住在哪裡？ || ?",
            "我住在台中 || 記下了。",
            "寫一首關於秋天的詩 || 這個我答不了：我是內建的筆記本，沒有語言模型。",
        ),
        pending=("秋天的詩", "!住在哪裡"),
    ),
    Talk(
        "寒暄",
        ("你好", "今天天气不错", "哈哈", "晚安"),
        resolved=("!哈哈", "!天气"),
        pending=("!天气", "!晚安"),
    ),
    Talk(
        "家長會",
        (
            "幫我想家長會的開場白",
            "不要太嚴肅，大概三分鐘",
            "加一段感謝志工媽媽的話",
            "這樣可以了，就用這版",
            "還要印講義三十份",
        ),
        wanted=("開場白",),
        resolved=("就用這版",),
        pending=("印講義",),
    ),
    Talk(
        "部署",
        (
            "docker 部署之后网站打不开，怎么排查？",
            "端口没有映射，我改一下",
            "可以了，能访问了",
            "还需要配置https证书",
            "证书怎么自动续期？ || -",
        ),
        wanted=("网站打不开",),
        resolved=("可以了",),
        pending=("https证书", "自动续期"),
    ),
    Talk(
        "算了",
        ("提醒我訂週六的餐廳", "算了，不用訂了", "推薦一部適合小孩的電影"),
        wanted=("適合小孩的電影",),
        pending=("!餐廳",),
    ),
)
