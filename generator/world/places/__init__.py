"""Builders of environments, one module a kind or family of kinds."""
