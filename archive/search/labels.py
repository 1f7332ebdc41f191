"""How the queries may call a validity, in Chinese or by the value that the API uses."""

from archive.errors import BadInput
from archive.models import Validity
from archive.search.fold import fold

LABELS = {
    Validity.IN_FORCE: ("全文有效", "有效", "现行有效"),
    Validity.PARTLY_REPEALED: ("部分条款废止", "部分条款失效", "部分废止", "部分失效", "部分有效"),
    Validity.REPEALED: ("全文废止", "全文失效", "废止", "失效", "已废止", "已失效"),
    Validity.UNKNOWN: ("未知", "不明"),
}
VALIDITY_OF = {name: validity.value for validity, labels in LABELS.items() for name in (*labels, validity.value)}


def validity_of(text: str) -> str:
    """The value of Validity that `text` calls by name. Raises BadInput for any other text."""
    try:
        return VALIDITY_OF[fold(text).strip()]
    except KeyError:
        names = "、".join(labels[0] for labels in LABELS.values())
        raise BadInput(f"“{text}”不是时效性。", f"可用：{names}。") from None
