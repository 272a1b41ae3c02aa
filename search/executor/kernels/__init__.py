"""The executor's innermost loops, compiled by Numba: what `native` gives out where it is installed.

Arrays come as addresses, many in one table, since a call with forty arrays would cost more than the
loops. Whoever calls keeps the arrays alive. A row of a table is what `layout.row` makes.
"""

from search.executor.kernels.encoding import add_up, encode, encode_sums
from search.executor.kernels.scoring import among, score, tree, tree_of_many
from search.executor.kernels.sets import enough
from search.executor.kernels.sifting import choose, sift

__all__ = [
    "add_up",
    "among",
    "choose",
    "encode",
    "encode_sums",
    "enough",
    "score",
    "sift",
    "tree",
    "tree_of_many",
]
