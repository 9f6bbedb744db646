SELECT event_id, source, type, subject, recorded_at, data
FROM gebeurtenis FINAL
WHERE {type:String} = '' OR type = {type:String}
