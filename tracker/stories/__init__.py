"""Story grouping: fingerprints and groups; pure."""
