"""Where the layers meet: notebooks to HTML, the command line."""
