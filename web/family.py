"""The notices around one notice as an arc diagram in time: what it cites, what cites it, what replaced what."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import east_asian_width

from archive.graph import BY_STRENGTH
from archive.models import Notice, Relation
from archive.store import Brief, Citing, Store

# More rows than this are a list, not a picture.
MOST = 14
# In the units of the drawing, which is as wide as its place beside the text.
WIDTH, ROW, AXIS, TEXT_AT = 288, 46, 58, 74
LABEL_UNITS, TITLE_UNITS = 16.0, 18.0

# The most telling first: where two notices are tied more than once, the first is drawn.
STRENGTH = {relation: place for place, relation in enumerate(BY_STRENGTH)}


@dataclass(frozen=True, slots=True)
class Member:
    """A notice and its row: `y` is the height of its dot, `label` and `title` are cut to fit."""

    notice: Brief
    y: int
    label: str
    title: str
    own: bool


@dataclass(frozen=True, slots=True)
class Tie:
    """What one notice does to another; `path` is its arc and `tip` the head of it, at the notice it is done to."""

    citing: Brief
    cited: Brief
    relation: Relation
    path: str
    tip: str


@dataclass(frozen=True, slots=True)
class Family:
    """The picture; `left_out` counts the notices around that are not in it."""

    members: tuple[Member, ...]
    ties: tuple[Tie, ...]
    left_out: int

    @property
    def height(self) -> int:
        return ROW * len(self.members)

    @property
    def relations(self) -> tuple[Relation, ...]:
        return tuple(relation for relation in STRENGTH if any(tie.relation is relation for tie in self.ties))


def family(store: Store, notice: Notice, citing: Sequence[Citing], all_citing: int) -> Family | None:
    """The picture of the notices around `notice`, the oldest on top; None where there are none.

    `citing` are those of `all_citing` notices that do most to it.
    """
    around = [one for one in _around(store, notice, citing) if one != notice.id]
    if not around:
        return None
    chosen = [notice.id, *around[: MOST - 1]]
    notices = sorted(store.briefs(chosen).values(), key=lambda one: (one.day or date.max, one.id))
    members = tuple(
        Member(
            one,
            place * ROW + ROW // 2,
            shortened(str(one.number or one.title), LABEL_UNITS),
            shortened(one.title, TITLE_UNITS),
            one.id == notice.id,
        )
        for place, one in enumerate(notices)
    )
    left_out = len(around) - len(chosen) + 1 + max(0, all_citing - len(citing))
    return Family(members, tuple(_ties(store, members)), left_out)


def _around(store: Store, notice: Notice, citing: Sequence[Citing]) -> list[str]:
    """The ids of the succession, then of all that cites or is cited, the most telling first."""
    direct = [(c.relation, c.id) for c in notice.citations if c.id]
    direct += [(one.relation, one.id) for one in citing]
    direct.sort(key=lambda tie: STRENGTH[tie[0]])

    def repealed(notice_id: str) -> Iterable[str]:
        by = notice if notice_id == notice.id else store.notice(notice_id)
        return (c.id for c in (by.citations if by else ()) if c.id and c.relation is Relation.REPEALS)

    replaced = any(one.relation is Relation.REPEALS for one in citing)
    later = [one.new for one in store.succession(notice.id)] if replaced else []
    succession = [*later, *_chain(notice.id, repealed)]
    return list(dict.fromkeys([*succession, *(one for _, one in direct)]))


def _chain(start: str, following: Callable[[str], Iterable[str]]) -> Iterator[str]:
    """What follows `start`, what follows that and so on, at most so many as are drawn."""
    seen = [start]
    for one in seen:  # grows on the way
        seen += [new for new in dict.fromkeys(following(one)) if new not in seen][: max(0, MOST - len(seen))]
    return iter(seen[1:])


def _ties(store: Store, members: tuple[Member, ...]) -> Iterator[Tie]:
    rows = {member.notice.id: member for member in members}
    strongest: dict[tuple[str, str], Relation] = {}
    for tie in sorted(store.ties(rows), key=lambda one: STRENGTH[one.relation]):
        if tie.citing != tie.cited:
            strongest.setdefault((tie.citing, tie.cited), tie.relation)
    for (citing_id, cited_id), relation in strongest.items():
        citing, cited = rows[citing_id], rows[cited_id]
        bulge = AXIS - min(AXIS + 8, 16 + 9 * abs(citing.y - cited.y) // ROW)
        path = f"M{AXIS} {citing.y}C{bulge} {citing.y} {bulge} {cited.y} {AXIS - 8} {cited.y}"
        tip = f"{AXIS - 5},{cited.y} {AXIS - 12},{cited.y - 4} {AXIS - 12},{cited.y + 4}"
        yield Tie(citing.notice, cited.notice, relation, path, tip)


def shortened(text: str, units: float) -> str:
    """`text`, cut with an ellipsis where it is wider than so many full-width characters."""
    width = 0.0
    for place, character in enumerate(text):
        width += 1.0 if east_asian_width(character) in "WFA" else 0.58
        if width > units:
            return text[: place - 1] + "…"
    return text
