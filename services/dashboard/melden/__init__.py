"""The form in which people report events, from its fields to what a report would change."""
