SELECT (SELECT min(epoch)
FROM leven
WHERE topic_id = {topic:UUID}), greatest((SELECT max(epoch)
FROM leven), (SELECT max(epoch)
FROM gebeurtenis), (SELECT max(epoch)
FROM onverwerkbaar))
