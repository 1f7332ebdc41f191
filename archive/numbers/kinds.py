"""Words at the end of an office that decide how its numbers are written."""

ANNOUNCEMENTS = ("公告", "通告")
ORDERS = ("令",)
PERIODICALS = ("纪要", "简报", "通报", "公报", "专刊")
