"""What leaves the office: documents for courts, updates for their systems, lists for other offices."""
