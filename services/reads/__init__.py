"""One question, one answer: no HTTP and no SQL. The api, the pages, the alarms and their delivery all ask here."""
