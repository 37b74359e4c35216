"""Matching of our customers with those of our partners."""
