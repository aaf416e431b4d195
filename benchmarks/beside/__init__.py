"""What the measurements beside other packages share."""
