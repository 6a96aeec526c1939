"""Builders of places, one module a family."""
