"""The page at `/`: the figures of the API for people, made on the server, without JavaScript."""
