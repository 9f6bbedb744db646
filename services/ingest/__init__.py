"""Takes events in: `accept` judges, appends and acknowledges · `app` the HTTP around it."""
