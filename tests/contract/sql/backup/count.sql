-- table: onverwerkbaar
-- within: 1
-- after: []
-- last: [('topic', 'String', "o'p \\ x"), ('epoch', 'UInt32', 3), ('offset', 'UInt64', 0)]
SELECT count()
FROM onverwerkbaar FINAL
WHERE 1 AND (topic < CAST('o\'p\x20\\\x20x', 'String') OR (topic = CAST('o\'p\x20\\\x20x', 'String') AND (epoch < CAST('3', 'UInt32') OR (epoch = CAST('3', 'UInt32') AND offset <= CAST('0', 'UInt64')))))

-- table: onverwerkbaar
-- within: 1
-- after: [('topic', 'String', "o'p \\ x"), ('epoch', 'UInt32', 3), ('offset', 'UInt64', 0)]
-- last: [('topic', 'String', "o'p \\ x")]
SELECT count()
FROM onverwerkbaar FINAL
WHERE 1 AND (topic > CAST('o\'p\x20\\\x20x', 'String') OR (topic = CAST('o\'p\x20\\\x20x', 'String') AND (epoch > CAST('3', 'UInt32') OR (epoch = CAST('3', 'UInt32') AND offset > CAST('0', 'UInt64'))))) AND topic <= CAST('o\'p\x20\\\x20x', 'String')
