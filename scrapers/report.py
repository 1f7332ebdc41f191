"""How a run over a site went, in numbers and, where it went wrong, in words."""

from collections import Counter
from dataclasses import dataclass, field

FEW = 3  # pages; so many without a single notice are no accident


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What a run over one site brought. `problem` is empty where all went as it should."""

    site: str
    pages: int = 0
    found: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    vanished: int = 0
    failed: int = 0
    problem: str = ""
    failures: tuple[str, ...] = ()

    def __str__(self) -> str:
        counts = (
            f"{self.site}: {self.pages} pages, {self.found} addresses found, {self.new} notices new, "
            f"{self.changed} changed, {self.unchanged} unchanged, {self.rejected} pages without a notice, "
            f"{self.vanished} vanished, {self.failed} failed"
        )
        return "\n".join((counts, *(f"  {failure}" for failure in self.failures), *self._problem_line()))

    def summary(self) -> str:
        """The run in a few words, for a list of sites."""
        counts = f"found {self.found}, new {self.new}, failed {self.failed}"
        return f"{counts}; {self.problem}" if self.problem else counts

    def _problem_line(self) -> tuple[str, ...]:
        return (f"  Error: {self.problem}",) if self.problem else ()


@dataclass(slots=True)
class Tally:
    """The counts of a run while it goes on."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    start_failures: list[str] = field(default_factory=list)
    read_lists: int = 0
    same_lists: int = 0
    rejections: Counter[str] = field(default_factory=Counter)

    def fail(self, reason: str, *, at_start: bool) -> None:
        """Count a page that could not be had."""
        self.counts["failed"] += 1
        self.reasons[reason] += 1
        if at_start:
            self.start_failures.append(reason)

    def report(self, site: str) -> SiteReport:
        failures = tuple(f"{count} × {reason}" for reason, count in self.reasons.most_common(5))
        return SiteReport(site, **self.counts, problem=self._problem(), failures=failures)

    def _problem(self) -> str:
        """A run that finds nothing where something was expected says why."""
        count = self.counts
        if count["new"] + count["changed"] + count["unchanged"] or self.same_lists:
            return ""
        if not count["found"] and self.start_failures:
            return self.start_failures[0]
        if not count["found"]:
            return f"the layout has changed: none of the {self.read_lists} list pages read leads to a notice"
        if count["rejected"] >= FEW:
            reason = self.rejections.most_common(1)[0][0]
            return f"the layout has changed: no notice in any of {count['rejected']} pages, for example: {reason}"
        if count["failed"] >= FEW:
            return f"no page could be had: {self.reasons.most_common(1)[0][0]}"
        return ""
