"""What the law or arithmetic makes the same for every service. No I/O at import, no dependency."""
