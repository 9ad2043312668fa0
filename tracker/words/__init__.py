"""How things are written for people: what a window and a terminal share; pure."""
