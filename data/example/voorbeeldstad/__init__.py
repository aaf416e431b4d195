"""The fictional New Town behind the example edition: what is planted, and how it is published."""
