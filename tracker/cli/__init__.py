"""The command line; imports no Textual."""
