"""The index of a cluster: documents as OpenSearch keeps them, written and read by one client."""
