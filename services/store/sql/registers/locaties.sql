-- Every locatie that any stored event is about, retracted events too.
SELECT DISTINCT toString(subject) FROM gebeurtenis WHERE startsWith(subject, '{{ LOCATIE }}')
