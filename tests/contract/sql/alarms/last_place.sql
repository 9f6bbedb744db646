SELECT tupleElement(last, 1), tupleElement(last, 2)
FROM (SELECT max((epoch, offset)) AS last
FROM alarm)
