"""What we say: measures over areas and years, as evidence tables."""
