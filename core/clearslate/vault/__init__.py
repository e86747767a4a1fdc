"""The vault: records that rest encrypted. What it promises, and its bytes, are in ``docs/vault.md``."""
