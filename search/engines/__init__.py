"""Engines: what answers a search. Each implements `search.engine.SearchEngine`."""
