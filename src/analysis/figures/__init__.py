"""How we show it: an evidence table in, a figure with claim, source and table out."""
