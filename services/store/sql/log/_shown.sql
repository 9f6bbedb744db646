-- Which events of the log are shown where locaties or types of events are hidden: none of those, and (only looked at
-- when there is a retraction on the page, for it takes three times as long) no retraction of one of those.
{% set hidden = "(subject IN {hidden:Array(String)} OR type IN {hidden:Array(String)})" %}
{% if HIDDEN_RETRACTIONS %}
NOT {{ hidden }} AND (NOT {{ RETRACTION }} OR event_id NOT IN {{ retractions_of(hidden) }})
{% elif HIDDEN %}
NOT {{ hidden }}
{% else %}
true
{% endif %}
