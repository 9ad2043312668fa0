"""The parts of the main screen: plain objects over what all of them share, each given the other parts it needs."""
