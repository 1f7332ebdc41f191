"""Whatever bytes a site sends, reading them ends in notices with their proof or in a refusal, never in a crash."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.fuzzing import check, make_page


@pytest.mark.parametrize("block", range(4))
def test_mutated_pages_are_read_or_refused(block: int) -> None:
    """A crash here would stop the ingest of a whole folder; a change that does not replay would be no proof."""
    for seed in range(15 * block, 15 * block + 15):
        check(make_page(seed), "text/plain" if seed % 10 == 9 else "text/html")


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    check(content)
    check(content, "text/plain")
