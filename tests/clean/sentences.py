"""Invented sentences in the style of official notices, to be damaged and repaired: none is taken from a real one."""

import random

WHO = (
    "纳税人",
    "扣缴义务人",
    "主管税务机关",
    "各级税务机关",
    "从事货物生产的企业",
    "小规模纳税人",
    "个体工商户",
    "非居民企业",
    "县级以上人民政府",
    "财政部门",
    "房地产开发企业",
    "受托加工单位",
    "有关单位和个人",
    "出口企业",
    "海关总署驻各地办事机构",
)
WHEN = (
    "自收到通知之日起十五日内",
    "在办理登记手续时",
    "于每年3月1日前",
    "发生纳税义务后",
    "在规定的期限内",
    "经审核批准后",
    "年度终了后四个月内",
    "遇有特殊情况时",
    "注销登记之前",
    "自2009年1月1日起",
)
WHAT = (
    "应当如实填写申报表，并附送财务报表、完税凭证等资料",
    "可以向所在地的主管机关提出书面申请",
    "不得擅自扩大减免税的范围",
    "应当对账簿、记账凭证、发票和其他资料进行核对",
    "应当按照规定缴纳增值税、消费税和资源税",
    "可以享受《条例》规定的优惠政策",
    "应当将检查结果书面通知被检查人",
    "应当妥善保管有关合同、协议及原始凭证",
    "应当及时将延期申请报上级机关备案",
    "不得以任何理由拒绝、阻挠检查人员依法执行职务",
    "应当补缴税款并加收滞纳金",
    "应当与银行、保险公司等机构办理结算",
    "应当分别核算不同项目的销售额，未分别核算的，从高适用税率",
    "应当建立健全内部管理制度，明确岗位职责",
)
WHY = (
    "为进一步规范税收管理",
    "为了支持中小企业发展",
    "根据《税收征收管理办法》的有关规定",
    "经国务院批准",
    "为保护当事人的合法权益",
    "为加强对重点税源的监督和管理",
    "按照公开、公平、公正的原则",
)
ENDS = ("。", "；", "。", "，但另有规定的除外。", "（以下简称“申报制度”）。", "。违反规定的，由主管机关责令限期改正。")
HEADS = ("", "", "", "一、", "（二）", "第十二条 ", "三、", "（四）")


def sentences(count: int, seed: int = 608) -> list[str]:
    """As many different sentences as asked for, always the same ones for a seed."""
    chance = random.Random(seed)  # noqa: S311 (sentences, not secrets)
    found: dict[str, None] = {}
    while len(found) < count:
        parts = [chance.choice(HEADS), chance.choice(("", chance.choice(WHY) + "，")), chance.choice(WHO)]
        parts += [chance.choice(WHEN), chance.choice(WHAT), chance.choice(ENDS)]
        found["".join(parts)] = None
    return list(found)
