"""Files that imitate real ones with their faults, what must come of each, and how they are made. See README.md."""
