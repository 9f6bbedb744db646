-- Says how far the derived tables may follow the log from now on: of each partition its last offset.
INSERT INTO begonnen VALUES
{% for partition, last in ends %}
({{ epoch }}, {{ partition }}, {{ last }}){{ ", " if not loop.last }}
{% endfor %}
