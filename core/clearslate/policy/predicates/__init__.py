"""The core's predicates, a module for each thing that they ask about."""
