"""The headless front end; no Textual anywhere below it."""
