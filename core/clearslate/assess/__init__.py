"""Run a policy over blocks of persons and write what was decided."""
