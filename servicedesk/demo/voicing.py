"""What people of the demo company say of each other: praise, suggestions with votes, complaints with their answers."""

from datetime import datetime, timedelta
from typing import Any

from feedback.voice.discussing import add_post
from feedback.voice.services import say, take_step, vote
from servicedesk.demo.building import Company
from servicedesk.demo.texts import read

OF_AUTHOR = ("accept", "disagree", "withdraw", "appeal", "escalate")


def voice_all(company: Company, now: datetime) -> None:
    """Call inside a transaction, after the departments are there."""
    for spec in read("voices")["voice"]:
        _voice(company, spec, now)


def _voice(company: Company, spec: dict[str, Any], now: datetime) -> None:
    department, side = company.units[spec["department"]], company.units[spec["by"]]
    at = now - timedelta(days=spec["ago"])
    author = side.members[-1]
    voice = say(
        by=author, kind=spec["kind"], title=spec["title"], body=spec["body"], department=department.row,
        confidential=spec.get("confidential", False), at=at,
    )  # fmt: skip
    for slug in spec.get("votes", []):
        vote(by=company.units[slug].members[-1], voice=voice, wanted=True)
    for place, (slug, words) in enumerate(spec.get("posts", {}).items(), 1):
        add_post(by=company.units[slug].members[-1], voice=voice, body=words, at=at + timedelta(days=place))
    for step, days in spec.get("steps", {}).items():
        answers = voice.arbiter if step == "decide" else department.head
        by = author if step in OF_AUTHOR else answers
        voice = take_step(by=by, voice=voice, name=step, note=spec.get(step, ""), at=at + timedelta(days=days))
