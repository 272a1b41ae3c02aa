"""The index of a cluster, searched: the same trees, scores and pages as on one machine.

statistics  how many documents hold a term, over all shards: what scores are made of
dsl         the query's tree → a query of the cluster, which finds and roughly ranks
scoring     what our own formula gives a document, from its text
ranking     the first hits by that, with nothing missed: the cluster's order is close, and how
            close is known
commit      the newest commit, with its statistics and what understands queries by its text
engine      all of it as a `SearchEngine`
"""

from search.engines.opensearch.engine import OpenSearchEngine

__all__ = ["OpenSearchEngine"]
