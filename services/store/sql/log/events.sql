-- Every event of the log once, of one type or ('') of all: what it says.
SELECT event_id, source, type, subject, recorded_at, data FROM gebeurtenis FINAL
WHERE {type:String} = '' OR type = {type:String}
