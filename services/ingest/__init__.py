"""Takes events in: `accept` judges, appends, acknowledges · `permit` who may send what · `app` the HTTP around it."""
