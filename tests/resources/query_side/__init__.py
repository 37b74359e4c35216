"""Tests of configured tables, their associations, analysis templates and budgets."""
