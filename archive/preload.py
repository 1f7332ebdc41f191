"""What workers share: imported where they are forked from, it reads their tables once, and not once in each of them."""

import gc
from contextlib import suppress

from archive.clean.boilerplate import boilerplate_words
from archive.clean.language import pairs, triples, words
from archive.clean.spam import spam_words
from archive.errors import ArchiveError
from archive.metadata.authorities import authority_words
from archive.metadata.fields import field_words
from archive.metadata.topics import taxonomy
from archive.numbers import DocumentNumber

with suppress(ArchiveError):  # the first page will meet the mistake again, and is heard
    for table in (words, pairs, triples, boilerplate_words, spam_words, authority_words, field_words, taxonomy):
        table()
    str(DocumentNumber("国税函", 2008, 608).slug)  # the readings of all offices
gc.freeze()  # or the first collection in each worker would touch, and so copy, all of it
