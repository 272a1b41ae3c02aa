"""How to go on from what is being typed: phrases and titles of the collection, as it spells them.

    typed      "gap g" → the syllables that are whole, and the one that is only begun
    meant      `gawpj g` is raw Telex for *gặp g*, `nghanh g` a slip for *ngành g*
    following  which syllables may come next, from the dictionaries of words and pairs: no text read
    places     a few documents of each, and how they go on: marks are read off the text itself
    phrases    the ways in which they go on, by how common they are and how well they stand alone
    words      what makes a word together, and what hangs in the air (`function_words`)
    titles     titles that hold what was typed
    suggester  all together, in order, remembered for the commit

Nothing is built beforehand: a commit can be suggested from at once, and memory stays small.
"""

from search.suggest.suggester import Suggester

__all__ = ["Suggester"]
