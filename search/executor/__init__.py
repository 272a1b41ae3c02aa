"""Whoosh query trees evaluated on arrays; `Executor` is the door."""

from search.executor.cache import ArrayCache, CacheStats
from search.executor.executor import Executor, Filter, Plan
from search.executor.topk import TopDocs

__all__ = ["ArrayCache", "CacheStats", "Executor", "Filter", "Plan", "TopDocs"]
