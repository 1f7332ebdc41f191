"""Small pages to archive: an invented notice in the frame of an invented site."""

FRAME = """<html><head><title>{title} - 示例网</title></head><body>
<div class="nav"><a href="/">首页</a> &gt; <a href="/law">法规库</a> &gt; 正文</div>
<div class="article"><h1>{title}</h1>
<p align="center">{number}</p>
{body}
<p align="right">示例税务总局</p><p align="right">{date}</p></div>
<div class="foot"><p>版权所有 示例网 京ICP备00000000号</p></div>
</body></html>"""

PARAGRAPHS = (
    "各省、自治区、直辖市和计划单列市国家税务局：",
    "现将第{serial}项业务征收增值税的有关问题明确如下，请遵照执行。",
    "一、纳税人应当按照规定如实申报第{serial}项业务的销售额，并保存有关资料备查。",
    "二、主管税务机关应当加强对第{serial}项业务的管理，发现问题及时报告。",
)


def body(serial: int) -> str:
    """The text that `page` carries, as the archive should have it."""
    return "\n".join(PARAGRAPHS).format(serial=serial)


def page(serial: int, extra: str = "") -> str:
    """A page with the notice 示例税函〔2009〕`serial`号, and `extra` as its last paragraph."""
    lines = [*body(serial).split("\n"), *([extra] if extra else [])]
    return FRAME.format(
        title=f"关于第{serial}项业务征收增值税有关问题的通知",
        number=f"示例税函〔2009〕{serial}号",
        body="\n".join(f"<p>{line}</p>" for line in lines),
        date="二○○九年三月五日",
    )
