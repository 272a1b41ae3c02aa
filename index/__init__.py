"""From a seed file to the index: analysis, readers, codec, sync."""
