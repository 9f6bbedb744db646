-- table: onverwerkbaar
-- within: 1
-- keys: ['topic', 'epoch']
-- size: 20
-- rows: 7
-- after: []
SELECT topic, epoch, 20
FROM onverwerkbaar
WHERE 1
ORDER BY topic, epoch
LIMIT 7

-- table: onverwerkbaar
-- within: 1
-- keys: ['topic', 'epoch']
-- size: 20
-- rows: 7
-- after: [('topic', 'String', "o'p \\ x"), ('epoch', 'UInt32', 3), ('offset', 'UInt64', 0)]
SELECT topic, epoch, 20
FROM onverwerkbaar
WHERE 1 AND (topic > CAST('o\'p\x20\\\x20x', 'String') OR (topic = CAST('o\'p\x20\\\x20x', 'String') AND (epoch > CAST('3', 'UInt32') OR (epoch = CAST('3', 'UInt32') AND offset > CAST('0', 'UInt64')))))
ORDER BY topic, epoch
LIMIT 7
