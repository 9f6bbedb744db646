"""What alarms watch, when they begin and end, what is told of them to whom, and the same held against history."""
