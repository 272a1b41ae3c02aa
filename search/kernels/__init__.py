"""The loops over a page of hits, compiled by Numba; each stands in for a function that does the
same with NumPy, or in Python.

Texts come as code points laid end to end (see `flat`), and all offsets are of these.
"""

from search.kernels.finding import candidates, occurrences
from search.kernels.showing import shown
from search.kernels.windows import closeness

__all__ = ["candidates", "closeness", "occurrences", "shown"]
