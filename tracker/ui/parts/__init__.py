"""The parts of the main screen: plain objects, each given what it needs, over one `ViewState`."""
