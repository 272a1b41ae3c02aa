"""How postings, dictionaries and stored documents lie on disk."""
