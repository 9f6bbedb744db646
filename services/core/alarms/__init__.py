"""What alarms watch, when they begin and end, what is left to deliver to whom, and the same held against history.

`bewaakt/` declares what can be watched, `beeld` is what a rule looks at, and `overgang` decides the next transition.
`alarmen` and `boek` keep what was said. `stiltes`, `bezorgd` and `bezorging` decide what is left to deliver, and
`bundels` in which messages.
`toets` and `reeksen` hold rules against the past.
"""
