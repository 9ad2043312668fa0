"""Scripts that make `tracker/tagging/data`; not part of the installed package (see docs/companies.md)."""
