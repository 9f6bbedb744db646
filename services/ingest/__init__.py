"""Takes events in.

`accept` judges, appends and acknowledges · `permit` decides who may send what · `app` is the HTTP interface.
"""
