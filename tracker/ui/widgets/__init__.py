"""Widgets: each draws what it is given and tells what the user did."""
