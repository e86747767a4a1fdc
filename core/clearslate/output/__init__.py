"""What a run writes: writers, the ledger, the manifest, impact figures, and their release together."""
