"""Articles become stories: fingerprints and groups; pure."""
