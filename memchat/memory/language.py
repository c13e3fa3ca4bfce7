"""In which language, and in which Chinese script, somebody writes."""

import re
from collections.abc import Iterable

ENGLISH = "en"
TRADITIONAL = "hant"
SIMPLIFIED = "hans"
OTHER = "other"

# Frequent characters whose two forms differ, pair by pair. Forms that both scripts use (后, 里, 面) are left out:
# they would prove nothing.
_HANT = (
    "們這個來說時會國對學過發麼為還從樣無與長見經頭開動問種應將現實當電話機關體點業給樂門間書買賣錢車東幾氣聽讓記認識誰請謝語讀寫歡熱飯館"
    "魚鳥貓雞馬媽爺兒孫親嗎難離連遠運進選邊醫師護員產務廣張強歲歷帶幫級紅綠藍黃銀鐵錯鐘陽陰隊險雲靜風飛餓養興舊萬蘇處號視覺觀計訊設許試"
    "該詳調論證譯議變貴費資質輕輛輸轉農郵鄉釋針鍵鎖鏡閱際陸陳階隨雖雙題類顏願顧顯飲騎驗麗齊龍總練組紙約純結統絲網線續罵習聯職腦臉藥藝葉"
    "華虧術衝裝補複規訂討訴診詞誤講謂豬貝財責貨貼賓賽贊趕較辦達違遲遺鄰醬釣鈔銷錄鍋鎮鑰閃閉隱韓響頁項順須預領頻額餅駕騙驚魯鮮鹹黨戶擇據"
    "擔戰戲慣憶態慶戀懷掃換損搖擁擊斷曉條極構樓樹橋檢權歐歸殺決況淨減測湯溝滿漲潔濟濕灣煩燈燒營爭爾牆狀獎獨獲環畫異療瘋癢盡監盤確碼礎禮"
    "稅穩窮競筆節範簡糧紀細終絡絕綜維緊緒編緣縣縮績織繼罰羅義聖聞聲膚膽臨舉蘋蘭蝦虛豐僅側偉傳傷價儀億優兩冊軍凍別剛創劃劇勝勞勢勵區協卻"
    "厲參吳啟喚單嘗嚇嚴園圓圖團執場塊墊報壓壞壯夢夥奪奮婦寧審寬寶導屬層島嶺帥幣慮莊廚廠廳彈徑敗敵數週裡後麵"
    "麩妳姊著臺閩粵蔥薑塵蟎蟲籃儲曬趙鄭劉楊蔣鄧馮龔賀盧呂鍾賴韋溫塗諸麥喬騰慘慮傑潛諾瑪凱達煙魯溼歎滾貫尋鍊衛夠吶"
    "隻髮裏碩檔憂鬱癲癇蘿蔔蕎穀鮭鰻鱈鴨鵝繪鋼釀飪攝遊嬤倆姪闆獅帳櫃欄僱傭倉鸚鵡訓詢諮輔劑獸簽標準備畢債貸駛駐紹廢聰奧燙淚滬漢濱澤灑爛猶疊鹽穎"
    "籠綁縫膠蕭薩襪詩誌誕誠諒賃賞賢賺購贏軟載輩鈴鉛鋪閒雜靈頂頓顆飾飽餘餵鬆鬧鷹齡齒龐龜專愛礙罷邏輯驅稱夾紐筍飼譜轟築鄔鄒駱滌畝賬墜濃澀鱷鯉鱸"
    "鴿"
    "厭齋瀉漁積綽髒蠶蠻課談譚負貧賈輪遞鎳陣薦暫暱捨製癡係慚殘潑撥犧牽狹獵瓊瘡睏竄籌紮綱緩縱繞聾肅腎腫腸臘"
    "蕩蠟襲覽誇譽豎賠贖躍轎遜醞鑽閘闖雛霧韌駁騷鬥鱗鴉"
    "沒內於並佔採佈徹潤濾燉綉緻臟艦莖葷蓋蓮蘆螢蟬詠諧謀謊賦踐蹤軌軸輝轄遙遷醜鈍鋒錦鍛鏈閣闊頌頒颱飢餃鬍魷鯨鴻鵬堅壇壺妝娛宮廁廂廈廟彎彌悅悶惡憐憑"
    "懇懶拋捲掛揚揮撐撫撿擋擠擬擴擺擾攔攜攤敘暈暢曆棄棟楓槍橫檯檸淺渾滅漸瀏灘煉燦燭爐皺盜瞞矯磚禍窩窺竊篩簾糾紋紗紛絞綿縛繡繳羨翹脅脫腳膩艙蒼蘊蝸"
    "蟻襯覓訪詐評誘誦誼諷謎謙謹貢貪販賄賊贈趨軋辭適釘鈕鉤鋁錶鑄鑑頸顫飄餡驕鬚鮑鳳鳴鷺眾説爲菸囉牠頡嘸託"
    "亂倫偵唸嚨徵惱兇亞岡嶼遼陝贛錫烏檳撈靂緬納瀾濰嵐鄲瘍竇蕁懼蝟箏壘劍祕嬸鮪滷醃漬鹼讚搶儘噴偽傾僑刪剝勸匯嗆嘆噸嚐屆屜峽嶽幹庫恆憤掙揀摯攏斂曠桿棗棧榮槳"
    "樁殼毀汙涼淒渦湧滄滯漿潰濫牀瑣癮皚睜礦祿禪穫竅糞絨繩罈聳艷蠅襖註諜豔貶賭贅踴蹟跡軀辯辮釦銘鋤鎚鏟鑒隸靨韻頑顛餛飩駝驟鯊鰱鶯鹵倖僥儂剎勳嘍囑墳壽寢屢巒"
    "弔恥憊憲懸擱攬棲樸氈沖瀋灃熾牘獻瑤瑩甦痙瘓瘧癱瞇矚砲篤籬縷繃繭脹膿薺藹蛻蝕衊袞裊褲觸訝訟詭詫諂譏讒豈蹺躊軒輾迴逕釁銳鋸錘鏽鑷閨闢韁頹顴飆餞饒饞駭驛骯"
    "髏鬢魎鮫鰭鱔鵲鷗黴"
    "勁鈣鈉鋅鉀鋰嬰嬌櫻滲澆燜燴纖聶臥萊鈞銓錠駿騫鶴鯖懲鎊鏢餒誨詣郟匱頰賑鉗鯽鱒鰲"
)
_HANS = (
    "们这个来说时会国对学过发么为还从样无与长见经头开动问种应将现实当电话机关体点业给乐门间书买卖钱车东几气听让记认识谁请谢语读写欢热饭馆"
    "鱼鸟猫鸡马妈爷儿孙亲吗难离连远运进选边医师护员产务广张强岁历带帮级红绿蓝黄银铁错钟阳阴队险云静风飞饿养兴旧万苏处号视觉观计讯设许试"
    "该详调论证译议变贵费资质轻辆输转农邮乡释针键锁镜阅际陆陈阶随虽双题类颜愿顾显饮骑验丽齐龙总练组纸约纯结统丝网线续骂习联职脑脸药艺叶"
    "华亏术冲装补复规订讨诉诊词误讲谓猪贝财责货贴宾赛赞赶较办达违迟遗邻酱钓钞销录锅镇钥闪闭隐韩响页项顺须预领频额饼驾骗惊鲁鲜咸党户择据"
    "担战戏惯忆态庆恋怀扫换损摇拥击断晓条极构楼树桥检权欧归杀决况净减测汤沟满涨洁济湿湾烦灯烧营争尔墙状奖独获环画异疗疯痒尽监盘确码础礼"
    "税稳穷竞笔节范简粮纪细终络绝综维紧绪编缘县缩绩织继罚罗义圣闻声肤胆临举苹兰虾虚丰仅侧伟传伤价仪亿优两册军冻别刚创划剧胜劳势励区协却"
    "厉参吴启唤单尝吓严园圆图团执场块垫报压坏壮梦伙夺奋妇宁审宽宝导属层岛岭帅币虑庄厨厂厅弹径败敌数周里后面"
    "麸你姐着台闽粤葱姜尘螨虫篮储晒赵郑刘杨蒋邓冯龚贺卢吕钟赖韦温涂诸麦乔腾惨虑杰潜诺玛凯达烟鲁湿叹滚贯寻链卫够呐"
    "只发里硕档忧郁癫痫萝卜荞谷鲑鳗鳕鸭鹅绘钢酿饪摄游嬷俩侄板狮账柜栏雇佣仓鹦鹉训询咨辅剂兽签标准备毕债贷驶驻绍废聪奥烫泪沪汉滨泽洒烂犹叠盐颖"
    "笼绑缝胶萧萨袜诗志诞诚谅赁赏贤赚购赢软载辈铃铅铺闲杂灵顶顿颗饰饱余喂松闹鹰龄齿庞龟专爱碍罢逻辑驱称夹纽笋饲谱轰筑邬邹骆涤亩账坠浓涩鳄鲤鲈"
    "鸽"
    "厌斋泻渔积绰脏蚕蛮课谈谭负贫贾轮递镍阵荐暂昵舍制痴系惭残泼拨牺牵狭猎琼疮困窜筹扎纲缓纵绕聋肃肾肿肠腊"
    "荡蜡袭览夸誉竖赔赎跃轿逊酝钻闸闯雏雾韧驳骚斗鳞鸦"
    "没内于并占采布彻润滤炖绣致脏舰茎荤盖莲芦萤蝉咏谐谋谎赋践踪轨轴辉辖遥迁丑钝锋锦锻链阁阔颂颁台饥饺胡鱿鲸鸿鹏坚坛壶妆娱宫厕厢厦庙弯弥悦闷恶怜凭"
    "恳懒抛卷挂扬挥撑抚捡挡挤拟扩摆扰拦携摊叙晕畅历弃栋枫枪横台柠浅浑灭渐浏滩炼灿烛炉皱盗瞒矫砖祸窝窥窃筛帘纠纹纱纷绞绵缚绣缴羡翘胁脱脚腻舱苍蕴蜗"
    "蚁衬觅访诈评诱诵谊讽谜谦谨贡贪贩贿贼赠趋轧辞适钉钮钩铝表铸鉴颈颤飘馅骄须鲍凤鸣鹭众说为烟啰它颉呒托"
    "乱伦侦念咙征恼凶亚冈屿辽陕赣锡乌槟捞雳缅纳澜潍岚郸疡窦荨惧猬筝垒剑秘婶鲔卤腌渍碱赞抢尽喷伪倾侨删剥劝汇呛叹吨尝届屉峡岳干库恒愤挣拣挚拢敛旷杆枣栈荣桨"
    "桩壳毁污凉凄涡涌沧滞浆溃滥床琐瘾皑睁矿禄禅获窍粪绒绳坛耸艳蝇袄注谍艳贬赌赘踊迹迹躯辩辫扣铭锄锤铲鉴隶靥韵顽颠馄饨驼骤鲨鲢莺卤幸侥侬刹勋喽嘱坟寿寝屡峦"
    "吊耻惫宪悬搁揽栖朴毡冲沈沣炽牍献瑶莹苏痉痪疟瘫眯瞩炮笃篱缕绷茧胀脓荠蔼蜕蚀蔑衮袅裤触讶讼诡诧谄讥谗岂跷踌轩辗回径衅锐锯锤锈镊闺辟缰颓颧飙饯饶馋骇驿肮"
    "髅鬓魉鲛鳍鳝鹊鸥霉"
    "劲钙钠锌钾锂婴娇樱渗浇焖烩纤聂卧莱钧铨锭骏骞鹤鲭惩镑镖馁诲诣郏匮颊赈钳鲫鳟鳌"
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FOLD = str.maketrans(_HANT + _LATIN + "\u2019\u3000\u00a0", _HANS + _LATIN.lower() + "'  ")
# Written in both scripts, though one of their uses is a simplified form.
_SHARED = frozenset(
    "周里后面范云台划志你姐姜杰着只里谷卜郁板余松咨游佣雇准征制系舍困扎斗钻夸几冲咸烟晒于并占采布卷须胡丑致"
    "念征凶秘卤尽干岳汇尝床污凉涌注迹扣幸吊栖朴沈炮回辟霉它腌毁啰杆凄托"
)
_ONLY_HANT = frozenset(_HANT)
_ONLY_HANS = frozenset(_HANS) - _ONLY_HANT - _SHARED

# Scripts that put no spaces between words: Thai, Lao, Burmese, Hangul, Khmer; radicals, 々 and 〇, kana, bopomofo, Han
# with its extensions.
SPACELESS = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3041-\u30ff\u3105-\u312f"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af]+"
)
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002ffff]")
_ELSEWHERE = (
    r"[\u0370-\u052f\u0530-\u06ff\u0900-\u0fff\u10a0-\u11ff\u1e00-\u1eff\u3040-\u30ff\uac00-\ud7af"
    r"\xdf\xe3\xf1\xf5\xbf\xa1\u0100-\u017f]"
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_ENGLISH_WORDS = _set(
    "i am i'm is are was the a an and or but my your our you we they he she it this that these those of to in on "
    "at for "
    "with from not no don't do does did have has had can could would will what where when who why how which me name "
    "call live work like love hate hello hi hey thanks please about remember know tell said there be been"
)
_FOREIGN_WORDS = _set(
    "el los las que es soy llamo vivo mi tengo como cómo qué dónde estoy gusta hola yo una por para con muy pero "
    "je suis m'appelle j'habite j'ai mon est et les des une dans pas bonjour quel quelle où moi nous vous aime "
    "ich bin heiße heisse wohne und mein meine ist nicht habe ein eine das wie wo wer mag "
    "eu sou moro meu minha nome tenho não com você onde gosto olá um uma chamo "
    "sono chiamo abito io il che ho dove ciao della piace "
    "ik ben heet woon mijn naam niet een het waar hou jag heter bor och är min på jeg hedder ja nazywam się mam na "
    "imię "
    "benim adım ve saya nama tinggal di aku tên tôi là"
)


def language_of(text: str, earlier: Iterable[str] = ()) -> str:
    """ENGLISH, TRADITIONAL, SIMPLIFIED or OTHER.

    Chinese whose characters both scripts share takes the script of the first of `earlier` that shows one, else
    TRADITIONAL. Text without a word (`2+2?`) counts as English.
    """
    if re.search(_ELSEWHERE, text):
        return OTHER
    if HAN.search(text):
        for one in (text, *earlier):
            script = _script(one)
            if script:
                return script
        return TRADITIONAL
    words = _WORD.findall(folded(text[:2_000]))
    foreign = sum(word in _FOREIGN_WORDS for word in words)
    english = sum(word in _ENGLISH_WORDS for word in words)
    return OTHER if foreign > english else ENGLISH


def _script(text: str) -> str:
    traditional = sum(letter in _ONLY_HANT for letter in text)
    simplified = sum(letter in _ONLY_HANS for letter in text)
    if traditional == simplified:
        return ""
    return TRADITIONAL if traditional > simplified else SIMPLIFIED


def folded(text: str) -> str:
    """For comparing only: lower case, plain apostrophes, one form for both Chinese scripts. Offsets stay the same."""
    return text.lower() if text.isascii() else text.translate(_FOLD)
