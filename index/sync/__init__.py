"""The seeds folder and the index kept in step: compare, plan, commit, report, watch for changes."""

from index.sync.run import sync

__all__ = ["sync"]
