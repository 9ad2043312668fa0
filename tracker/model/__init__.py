"""Values that two or more layers share: frozen, standard library only, no I/O and no clock."""
