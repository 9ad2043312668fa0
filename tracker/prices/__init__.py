"""Price moves computed from bars and quotes: base, windows, study, sessions, largest moves; pure."""
