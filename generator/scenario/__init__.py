"""Scenario YAML to ClipSpec: every value resolved, nothing rendered."""
