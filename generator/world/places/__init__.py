"""Builders of places, one module a kind or family of kinds."""
