"""How to go on from what is being typed: phrases and titles of the collection, as it spells them.

    typed      "gap g" → the syllables that are whole, and the one that is only begun
    following  which syllables may come next, from the dictionary of pairs: no text is read
    phrases    a few documents of each, and how they go on: marks are read off the text itself
    titles     titles that hold what was typed
    suggester  both together, in order, remembered for the commit

Nothing is built beforehand: a commit can be suggested from at once, and memory stays small.
"""

from search.suggest.suggester import Suggester

__all__ = ["Suggester"]
