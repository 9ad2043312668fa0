"""HTTP for everything that asks strangers: one guarded client with bounds, and manners towards each host."""
