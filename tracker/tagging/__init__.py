"""Tagging: the table of companies, the topics, matching, the model for ambiguous names, salience."""
