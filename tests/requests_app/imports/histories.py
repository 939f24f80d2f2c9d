"""A small history and a mapping for it."""

from datetime import UTC, datetime

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
EVENTS = """\
shape = "events"
source = "old"
[time]
column = { column = "time" }
zone = "UTC"
[case]
id = { column = "case" }
customer = "Sales"
service = "Help"
priority = { column = "priority", values = { high = 2, low = 4 }, default = 3 }
calendar = "24x7"
attributes = { origin = { column = "origin" } }
[departments]
of_row = [{ column = "line" }, { column = "team" }]
[people]
actor = { column = "person" }
[[rules]]
when = { kind = "offer" }
then = "offer"
[[rules]]
when = { kind = "accept" }
then = "accept"
[[rules]]
when = { kind = "wait" }
then = "hold customer"
[[rules]]
when = { kind = "done" }
then = "deliver"
[[rules]]
when = { kind = "closed" }
then = "close"
[[rules]]
when = { kind = "noise" }
then = "ignore"
"""
HEADER = "case,time,kind,line,team,person,priority,origin"
