"""The pipeline: decide what is due, fetch, parse, tag, group, write; events go up."""
