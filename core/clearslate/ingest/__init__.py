"""From source files to whole persons: reader protocol, damaged rows, blocks."""
