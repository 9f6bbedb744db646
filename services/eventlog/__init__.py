"""The log of events on the Kafka protocol. Everyone else knows an address and a topic.

`topics` what there is and how it is made · `producer` appends · `lag` how far a group is behind · `tansu` the broker
of the embedded form.
"""
