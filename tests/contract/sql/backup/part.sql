-- table: onverwerkbaar
-- within: 1
-- columns: ['topic', 'raw']
-- after: []
-- last: [('topic', 'String', "o'p \\ x"), ('epoch', 'UInt32', 3)]
SELECT `topic`, `raw`
FROM onverwerkbaar FINAL
WHERE 1 AND (topic < CAST('o\'p\x20\\\x20x', 'String') OR (topic = CAST('o\'p\x20\\\x20x', 'String') AND epoch <= CAST('3', 'UInt32')))
