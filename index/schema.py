"""The Whoosh schema: which fields a document is indexed under, and as what.

`folded` finds, `accented` and `pairs` rank, `words` names things; `title` and `title_accented`
count once more on top; `abbreviations` tells what is meant. Postings only: all that a result shows
is in the document's stored record.
"""

from __future__ import annotations

from typing import Final

from whoosh.fields import ID, KEYWORD, NUMERIC, TEXT, Schema

from index.analysis.analyzers import ABBREVIATIONS, ACCENTED, FOLDED, PAIRS, WORDS

SCHEMA_VERSION: Final = 4
"""Raised whenever a field or a key changes: an older index is then made anew. (A change of an
analyzer is noticed by its fingerprint.)
"""

OLDEST_READABLE: Final = 4
"""The oldest schema that this code can search while a new index is made: raised together with
SCHEMA_VERSION unless what is old can still be read, if not as well.
"""

SCHEMA: Final = Schema(
    id=ID(stored=True, unique=True),
    folded=TEXT(analyzer=FOLDED, phrase=True),  # title + "\n" + body
    accented=TEXT(analyzer=ACCENTED, phrase=True),
    pairs=TEXT(analyzer=PAIRS, phrase=False),
    words=TEXT(analyzer=WORDS, phrase=False),
    title=TEXT(analyzer=FOLDED, phrase=True),
    title_accented=TEXT(analyzer=ACCENTED, phrase=True),
    author=TEXT(analyzer=FOLDED, phrase=True),
    source=TEXT(analyzer=FOLDED, phrase=True),
    source_key=ID(sortable=True),  # fold_key of the whole source; the column: as it is spelled
    date=NUMERIC(int, bits=32, signed=False, sortable=True, default=0),  # 20250219; 0 is unknown
    mentioned=KEYWORD(),  # days, months and years that the text names: 20250219 20250400 13420000
    names=KEYWORD(commas=True),  # proper names as they are written, those it has most often
    places=KEYWORD(commas=True),  # provinces, old and new, in their usual spelling
    path=ID(sortable=True),
    abbreviations=ID(analyzer=ABBREVIATIONS),  # of the text; what `UBND` stands for in this index
)
