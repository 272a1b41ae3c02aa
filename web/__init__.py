"""The front ends: pages, JSON API, command line."""
