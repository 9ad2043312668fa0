"""Wording shared by the window and the command line; pure."""
