"""What a share did, computed from bars and quotes: base, windows, study, sessions, what moved; pure."""
