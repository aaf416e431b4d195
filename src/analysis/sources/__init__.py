"""What was published: the only layer that reads files or the network."""
