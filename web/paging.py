"""Pages of results: how many there are, and which ones a page links to."""

from archive.models import Results
from web.arguments import MAX_DEPTH

NEAR = 2


def last_page(results: Results) -> int:
    """The last page that may be asked for."""
    per_page = results.query.per_page
    return max(1, min(-(-results.total // per_page), MAX_DEPTH // per_page))


def page_numbers(page: int, last: int) -> list[int | None]:
    """The first, the last and the pages around `page`; None stands for those between that are left out."""
    shown = sorted({1, last, *range(max(1, page - NEAR), min(last, page + NEAR) + 1)})
    numbers: list[int | None] = []
    for number in shown:
        if numbers and number - (numbers[-1] or 0) > 1:
            numbers.append(None)
        numbers.append(number)
    return numbers
