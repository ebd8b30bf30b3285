"""Images: what goes in, how they are built, what they must be. Standard library only: it runs before any environment exists."""
