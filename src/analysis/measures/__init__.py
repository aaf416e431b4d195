"""Pure functions: columns in, Series out. No files, no plots, no names of CBS."""
