"""The self-check: what a clip directory says must agree with itself, read back from its files."""

from generator.labels.selfcheck.clip import check_clip
from generator.labels.selfcheck.report import Fault, Report

__all__ = ["Fault", "Report", "check_clip"]
