"""Widgets: each draws what it is given and posts what the user did."""
