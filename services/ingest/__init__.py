"""Takes events in: `accept` judges, appends, acknowledges · `permit` who may send · `counted` counts · `app` HTTP."""
