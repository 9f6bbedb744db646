"""The map of gemeenten."""
