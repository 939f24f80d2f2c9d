"""Forms about promises, by what they ask for."""
