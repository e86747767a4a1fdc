"""Clear criminal records under a law, keep them private, and explain every decision."""

__version__ = "0.1.0"
