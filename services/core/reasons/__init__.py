"""Why figures are what they are, how they differ, and what can be said of them in sentences."""
