"""The log of events, on the Kafka protocol. Apart from `processor`, other rooms know only an address and a topic.

`brokers` parses an address · `topics` names the topics, makes and checks them · `producer` appends · `groups` tells how
far a consumer group has read · `admin` opens a Kafka for maintenance · `tansu` is the broker of the embedded form.
"""
