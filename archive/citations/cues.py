"""The words around a mention that say what a text does to the document mentioned.

They were gathered from the closing paragraphs, replies and repeal lists of notices; each table is read top to bottom.
"""

import re
from dataclasses import dataclass

from archive.models import Relation

# What names a part of a document, so that the rest of it is left alone.
CLAUSE = re.compile(
    r"第[一二三四五六七八九十百零〇\d]{1,6}(?:条|款|项|章|节|目|点|部分)|附件|附表|部分条款"
    r"|(?:有关|相关|部分)(?:条款|内容|规定|政策)|规定的|所附|关于|中"
)
# Between two documents of one list; the loose form also goes over a comma.
_ISSUED = r"(?:[^※，,。]{0,60}(?:发布|公布|颁布|印发|通过|批准|批转|制定|修正|修订|施行)的)?[\s（）()]*"
TIGHT = re.compile(rf"[^※，,。]{{0,40}}?(?:、|和|与|及|以及|或|或者)(?:[^※，,。、]{{0,20}}|{_ISSUED})|\s*")
LOOSE = re.compile(rf"(?:第[^※，,。]{{0,40}}|[\s（）()]*)[，,](?:以及|并|及)?{_ISSUED}")

# Words directly before or behind a verb after which it does not happen here and now.
NEGATED = re.compile(
    r"(?:不|未|没有|并未|尚未|无需|不予|不得|暂不|不应|是否|拟|应否|未经|无须|不会|不宜|并非)(?:自行|擅自|随意)?$"
)
PAST = re.compile(r"(?:已经|已|早已|业已|被|由|已于[^※，。]{2,20}(?:起|日|年|月)?)(?:全文|同时|明确|宣布)?$")
NOT_YET = re.compile(r"以?[前后时]|之[前后日]|的(?:情况|原因|[，,])")
TAKEN = re.compile(r"[将对把][^※，。]{0,20}$")
EXCEPT = re.compile(r"除(?:了)?[^※，。]{0,6}$")
# What may stand between a mention and its verb when the whole document is meant.
GLUE = re.compile(
    r"[\s，,、（）()]*(?:的)?(?:全文|文件|文|等)?[\s，,]*(?:(?:自|从|于)[^※。]{2,30}?(?:起|日|时)[，,]?)?[\s，,]*"
    r"(?:上述|以上|该|这|此)?[一二两三四五六七八九十\d]*[个件]?(?:文件|规定|通知|公告|办法)?"
    r"(?:(?:执行)?(?:到期|期满)后?)?(?:均|都|同时|一并|相应|即行|予以|全文|一律|也|亦|即|随之|全部|整体|自行"
    r"|现予|现|自动|宣布|宣告|应当|应|停止执行并)*[\s，,]*"
)


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that say what is done to the mention before or behind them."""

    words: re.Pattern[str]
    relation: Relation


# Directly before a mention or a list of them.
BEFORE = (
    Cue(re.compile(r"(?:根据|依据|依照|按照|遵照|贯彻落实|贯彻执行|贯彻|落实)[^※，。、]{0,16}$"), Relation.BASED_ON),
    Cue(re.compile(r"(?:废止|停止执行|停止使用|不再执行)[了：:\s]*$"), Relation.REPEALS),
    Cue(re.compile(r"(?:修改|修订|删去|删除)[了：:\s]*$"), Relation.AMENDS),
    Cue(re.compile(r"转发[了：:\s]*[^※，。、]{0,24}$"), Relation.FORWARDS),
)
# Behind a mention or a list of them.
BEHIND = (
    Cue(re.compile(r"废止|失效|停止执行|不再执行|停止使用|不再适用|停止适用|作废"), Relation.REPEALS),
    Cue(
        re.compile(
            r"(?:修改|修订|改|调整|更正|变更)为|延长[至到]|(?:修改|修订|调整|补充|更正)(?:内容|公告|通知|规定|明确)?如下"
            r"|(?:作|做|作出|做出|进行|予以)(?:了|如下|以下|下列|相应|部分|适当|必要)*的?"
            r"(?:修改|修订|调整|补充|更正)|删除|删去|增加(?:以下|如下|下列|一)|修改|修订"
        ),
        Relation.AMENDS,
    ),
    Cue(re.compile(r"转发"), Relation.FORWARDS),
    Cue(re.compile(r"收悉|收到|(?:批复|答复|函复|复函)如下"), Relation.REPLIES_TO),
)
# 按照※的规定执行 applies a document; it does not rest on it.
APPLIED = re.compile(r"[^※，。]{0,20}(?:执行|办理|处理|处罚|征收|追征|追缴|加收|缴纳|计算|享受|抵扣|扣除)")
# 你局《关于…的请示》 … 收悉
ADDRESSED = re.compile(r"(?:你|贵)[^※，。]{1,10}$|来(?:文|函|电)$|(?:你|贵)[^※，。]{1,60}(?:请示|报告|函)[\s（(]*$")
LONGEST_REQUEST = 80
REPLY_GLUE = re.compile(r"[）)]?(?:[及和与并、][^※，。]{1,12})?(?:已)?|[^※。]{0,3}，[^※。]{0,20}")
# A（国家税务总局公告2018年第31号修改）: what was done to A before.
REMARK_BEGINS = re.compile(r"[\s]*[（(]\s*")
REMARK_ENDS = re.compile(r"(?:第[^※）)]{1,10}条)?(?:修改|修正|修订|公布|发布|废止)[^※）)]{0,20}[）)]")
# 甲、乙中有关…的规定同时废止: what is said of a part is said of the part of each.
SHARED_PART = re.compile(r"(?:文件|文)?(?:中|规定的|所规定的|有关|相关|的有关|的相关)")
# Another did it, or it is only a ground: 被※废止, 因※废止.
OTHERS = re.compile(r"(?:被|由|为|因|由于|鉴于|如)$")
# A title that the text itself publishes: 现将《…》印发给你们.
OWN = re.compile(r"[\s（）()]*(?:予以|现予|现)?(?:印发|发布|公布|下发|发给)|[^※。]{0,50}现予以?(?:公布|发布|印发)")

# What the heading of a list says of the documents listed below it.
LISTED = (
    Cue(re.compile(r"继续有效|现行有效|继续执行"), Relation.MENTIONS),
    Cue(
        re.compile(r"(?:条款|内容)[^※。]{0,12}(?:废止|失效|停止)|(?:废止|失效|停止)[^※。]{0,8}(?:条款|内容)"),
        Relation.REPEALS_CLAUSES_OF,
    ),
    Cue(re.compile(r"废止|失效|停止执行"), Relation.REPEALS),
    Cue(re.compile(r"修改|修订"), Relation.AMENDS),
)
# One of these stands in each of them.
LISTING = re.compile("有效|执行|废止|失效|停止|修改|修订")
DOCUMENTS = r"文件|规章|规定|办法|公告|通知|条款|法规"
HEADING = re.compile(
    rf"(?:{DOCUMENTS})[^※。]{{0,12}}(?:目录|清单|一览表)|(?:下列|以下)[^※。]{{0,30}}(?:{DOCUMENTS})|(?:{DOCUMENTS})[^※。]{{0,8}}如下"
    rf"|(?:{DOCUMENTS})[^※。]{{0,8}}[：:]\s*$|^[（(]?[一二三四五六七八九十]{{1,3}}[）)、][^※，。]{{0,30}}(?:{DOCUMENTS})(?:目录)?$"
)
# A heading that is nothing else: 废止的文件, 部分条款失效的规范性文件目录.
BARE_HEADING = re.compile(
    rf"(?:全文|部分条款|附件\d{{0,2}}[：:\s]*){{0,2}}(?:失效|废止|停止执行|修改|继续有效)[^※，。]{{0,12}}(?:{DOCUMENTS})(?:目录|清单)?\s*"
)
# 一、全文废止
ORDINAL_HEADING = re.compile(
    r"[（(]?[一二三四五六七八九十]{1,3}[）)、．.]\s*(?:全文|部分条款|条款)(?:失效|废止|停止执行|修改|继续有效|有效){1,2}(?:部分|的)?[：:]?\s*"
)
LONGEST_HEADING = 120
# What stands before a document in a row of such a list: its serial, its title without brackets.
ROW = re.compile(r"[^，。：:※]*")
ROW_SERIAL = re.compile(r"[\s\d一二三四五六七八九十、.．（）()附件]*")
# A row of such a list that is itself the title of a notice, and prose after the list.
TITLE_ROW = re.compile(r"关于.*(?:通知|公告|批复|决定|复函|函|意见|办法|规定|通告)(?:[（(][^（）()]{1,20}[）)])?\s*$")
PROSE = re.compile(r"特此|本(?:公告|通知|决定|办法|规定|目录)自|联系人|各地要|请各")
# The end of a title without brackets around it: 关于修订《…》的通知 is about another notice's deed.
TITLE_END = re.compile(r"的(?:补充)?(?:通知|公告|决定|批复|通告|函|复函|意见)")
