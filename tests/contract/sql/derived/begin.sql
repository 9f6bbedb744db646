-- epoch: 3
-- ends: [(0, 120), (2, 98)]
INSERT INTO begonnen VALUES (3, 0, 120), (3, 2, 98)
