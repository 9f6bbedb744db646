"""Charts: their axes, lines and words, the period that they show, and those of each subject."""
