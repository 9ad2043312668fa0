"""Values that two or more layers share: frozen structs, no I/O and no clock; of other packages only msgspec."""
