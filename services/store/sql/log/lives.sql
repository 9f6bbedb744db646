-- The number of this life of a topic, 0 when it has none yet; and the last number that was ever used.
SELECT (SELECT min(epoch) FROM leven WHERE topic_id = {topic:UUID}), greatest(
    (SELECT max(epoch) FROM leven), (SELECT max(epoch) FROM gebeurtenis), (SELECT max(epoch) FROM onverwerkbaar)
)
