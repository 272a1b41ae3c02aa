"""What a page of hits and its compiled loops agree on: the loops, and what their tables hold."""

from __future__ import annotations

from index.native import Loops

kernels = Loops("search.kernels")

SYLLABLE, START, END, SURFACE = range(4)
"""A syllable that may be looked for: its number, where it stands, the number of its surface."""
FIRST_STEM, STEMS, TITLE_ONLY, PHRASE_FORM = range(4)
"""A needle: its first stem, how many it has, 1 if it counts in titles only; for a phrase, the form
in which something is folded; the next one is that in which nothing is."""
