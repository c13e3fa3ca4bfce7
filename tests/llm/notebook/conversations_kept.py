"""Little conversations written after the rules: 47 of their 56 expectations were met at first sight.

What they showed was mended where it was general; the one that is not met now stays to be honest.
"""

from tests.llm.notebook.conversations import Talk

ENGLISH = (
    Talk(
        "a garden",
        (
            "My tomatoes have brown spots on the leaves. What should I do?",
            "They get water every evening",
            "Could it be blight?",
            "Alright, I'll cut the leaves off and water in the morning",
            "Gotta buy copper spray at the weekend",
        ),
        wanted=("what should I do", "blight"),
        resolved=("cut the leaves off",),
        pending=("copper spray",),
    ),
    Talk(
        "an email",
        (
            "Draft an email to the school about Leo's absence on Friday",
            "make it a bit friendlier",
            "That's it, sent.",
            "I need to sign the form for the class trip too",
        ),
        wanted=("email to the school",),
        resolved=("sent",),
        pending=("sign the form",),
        title="email to the school",
    ),
    Talk(
        "git",
        (
            "How do I undo the last commit without losing my changes?",
            "git reset --soft HEAD~1",
            "and if I already pushed?",
            "I'll open a new branch instead",
            "the CI is still failing though",
        ),
        wanted=("undo the last commit",),
        pending=("still failing",),
    ),
    Talk(
        "a budget",
        (
            "I earn 3,200 a month and want to save for a bike. Suggest a budget.",
            "Rent is 1,100",
            "Is 300 a month realistic?",
            "Deal, 300 a month.",
            "I haven't checked what the insurance costs yet",
            "Remind me to cancel the gym membership before December",
        ),
        wanted=("suggest a budget",),
        resolved=("300 a month",),
        pending=("insurance", "gym membership"),
    ),
    Talk(
        "a book club",
        (
            "Which of these three novels suits a book club: Piranesi, Circe or Klara and the Sun?",
            "we have read Circe",
            "We picked Piranesi",
            "Can you write five discussion questions?",
            "Next meeting is on the 12th, I still need to reserve the room",
            "Room is booked.",
        ),
        wanted=("three novels", "five discussion questions"),
        resolved=("picked Piranesi",),
        pending=("!reserve the room",),
    ),
    Talk(
        "first day",
        (
            "hello! my name is Tom, I work as a carpenter || Noted.",
            "What's my job? || Carpenter. On 22 Nov you said: ...",
            "How much does oak cost per cubic meter? || ?",
            "ok bye",
        ),
        wanted=("my job",),
        pending=("oak cost",),
        never=("bye",),
    ),
    Talk(
        "speech practice",
        (
            "Act as my interviewer for a nurse position. I have to be on time tomorrow.",
            "I decided to become a nurse because of my aunt",
            "Ask me a harder one",
        ),
        wanted=("interviewer",),
        pending=("!on time",),
        resolved=("!my aunt",),
    ),
)

CHINESE = (
    Talk(
        "烤蛋糕",
        (
            "想烤一個生日蛋糕，沒有烤箱可以嗎？",
            "電鍋的話要幾分鐘？",
            "好，那我用電鍋做",
            "星期天以前要買低筋麵粉",
        ),
        wanted=("生日蛋糕",),
        resolved=("用電鍋做",),
        pending=("低筋麵粉",),
    ),
    Talk(
        "请假",
        (
            "帮我写一封请假邮件给李老师",
            "理由是感冒，请两天",
            "邮件发出去了",
            "回来还要补交作业",
        ),
        wanted=("请假邮件",),
        resolved=("邮件发出去了",),
        pending=("补交作业",),
        title="请假",
    ),
    Talk(
        "筆電",
        (
            "筆電開機很慢怎麼辦",
            "已經重開機三次了",
            "換固態硬碟大概多少錢？",
            "我決定先加記憶體",
            "保固到什麼時候還要問一下原廠",
        ),
        wanted=("開機很慢",),
        resolved=("先加記憶體",),
        pending=("問一下原廠",),
    ),
    Talk(
        "旅行",
        (
            "国庆想去成都玩五天，推荐一下路线",
            "大熊猫基地要提前订票吗？",
            "酒店订好了，在春熙路",
            "行程就照你说的来",
            "高铁票还没抢到",
        ),
        wanted=("成都",),
        resolved=("酒店订好了", "照你说的"),
        pending=("高铁票还没抢到",),
    ),
    Talk(
        "日文",
        (
            "教我日文的五十音怎麼背比較快",
            "有沒有適合的app？",
            "我每天只有二十分鐘",
            "好，我每天早上背十個",
            "明天開始練片假名",
        ),
        wanted=("五十音",),
        pending=("片假名",),
    ),
    Talk(
        "筆記本答不了",
        (
            "明天會下雨嗎？ || 這個我答不了：我是內建的筆記本，沒有語言模型。",
            "記一下，傘放在公司",
            "幫我寫週報 || 這需要語言模型，我只是筆記本。",
            "週報我自己寫完了",
        ),
        pending=("會下雨", "!幫我寫週報"),
        resolved=("寫完了",),
    ),
)
