"""The life of one request, told step by step until the present cuts it off."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from requests_app.agreements.states import ACCEPTANCE_DAYS
from requests_app.calendars.selectors import day_rule_of
from requests_app.calendars.workdays import add_days
from requests_app.imports.promises import PromiseBook
from requests_app.imports.states import Case, Hold, Step
from requests_app.org.models import Person
from requests_app.org.states import CustomerKind, DepartmentKind
from servicedesk.demo import fortune
from servicedesk.demo.building import HOUR, Company, Offered, Unit
from servicedesk.demo.texts import Writer

Matrix = dict[int, dict[int, int]]


@dataclass
class Story:
    """A request, and what its requester says about it afterwards."""

    case: Case
    requester: Person
    delivered: list[datetime] = field(default_factory=list)
    rated_at: datetime | None = None
    rated_id: int | None = None  # the department that delivered
    counted_at: datetime | None = None  # of an answer that was not shared
    answer: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class World:
    """What all stories share."""

    company: Company
    promises: PromiseBook
    matrices: dict[int, Matrix]  # of each supplier
    writer: Writer
    dice: Random
    now: datetime


class Telling:
    """Tells one request from its filing. `at` is how far the story has come."""

    def __init__(self, world: World, offered: Offered, requester: Person, at: datetime) -> None:
        self.world, self.offered, self.requester = world, offered, requester
        self.at = self.filed_at = at
        self.dice, self.days_ago = world.dice, (world.now - at).days
        self.supplier = self.holder = offered.supplier
        self.customer: Unit = world.company.homes[requester.pk]
        self.language = requester.language if requester.language in ("ru", "zh-hans") else "en"
        self.agent = self._agent(self.holder)
        self.case = self._filed()
        self.story = Story(self.case, requester)
        self.late = self.sent_back = self.passed_on = False

    # ── The parts of every story ─────────────────────────────────────────────

    def tell(self) -> Story:
        dice = self.dice
        target = {measure: found["seconds"] for measure, found in self.case.targets.items()}
        kept = self._kept()
        first = target["response"] * fortune.use_of_target(dice, min(kept + 0.03, 0.985))
        whole = target["resolution"] * fortune.use_of_target(dice, kept) * fortune.speed(self._slug, self.days_ago)
        self.late = whole > target["resolution"]
        if dice.random() < 0.022:
            self._go(min(first, whole) * 0.7)
            self._step("cancel", self.requester, reason=self._say("cancelled"))
        else:
            self._answer(first)
            if dice.random() < 0.018:
                self._step("decline", self.agent, reason=self._say("declined", service=self.offered.row.name))
            else:
                self._carry_out(max(whole - first, 600), target["resolution"])
        return self.finish()

    def finish(self) -> Story:
        """Cut off what has not happened yet; a delivery nobody answered closes by itself."""
        case, now = self.case, self.world.now
        case.steps = [step for step in case.steps if step.at <= now]
        self.story.delivered = [step.at for step in case.steps if step.move == "deliver"]
        if case.steps and case.steps[-1].move == "deliver":
            due = self._acceptance_due(case.steps[-1].at)
            if due <= now:
                case.steps.append(Step("close", due, words={"automatic": True}))
                self.at = due
            else:
                case.acceptance_due_at = due
        if case.steps and case.steps[-1].move in ("confirm", "close"):
            self._rate(case.steps[-1].at)
        return self.story

    def _answer(self, first: float) -> None:
        """The supplier's first sign of life, then somebody takes it."""
        self._go(first)
        if self.dice.random() < 0.3:
            self._step("reply", self.agent, text=self._say("reply"))
            self._go(fortune.about(self.dice, 600))
            self._step("accept", self.agent)
            return
        self._step("accept", self.agent)
        if self.dice.random() < 0.5:
            self._go(fortune.about(self.dice, 240))
            self._step("reply", self.agent, text=self._say("reply"))

    def _carry_out(self, left: float, target: int) -> None:
        dice = self.dice
        if dice.random() < 0.75:
            self._step("start", self.agent)
        if dice.random() < 0.02:
            self._reprioritise()
        if dice.random() < (0.34 if self.offered.row.slug in fortune.PING_PONG else 0.035):
            left = self._pass_on(left)
        if dice.random() < 0.2:
            left = self._ask_back(left)
        if dice.random() < 0.09:
            left = self._wait_for_others(left)
        if dice.random() < 0.12:
            self._note()
        if left > target * 0.5 and dice.random() < 0.6:
            left = self._word_between(left, chased=self.late)
        self._go(left)
        self._hand_over()
        self._verdict(target)

    def _hand_over(self) -> None:
        self._step("deliver", self.agent, note=self._say("deliver"))

    def _verdict(self, target: int) -> None:
        """Accepted, sent back with three sentences, or no word at all."""
        chance = self.dice.random()
        if chance < 0.05 + 0.04 * self.late:
            self.sent_back = True
            self._wait_of_customer(3)
            words = self.world.writer.say_three("rejected", self.language)
            self._step("reject", self.requester, **words)
            self._go(fortune.about(self.dice, target * 0.25))
            self._hand_over()
            chance = 0.3
        if chance < 0.68:
            self._wait_of_customer(4)
            if self.dice.random() < 0.3:
                self._step("ask", self.requester, text=self._say("thanks"))
            self._step("confirm", self.requester)
            if self.dice.random() < 0.016:
                self._comes_back(target)

    def _comes_back(self, target: int) -> None:
        self._wait_of_customer(12)
        self._step("reopen", self.requester, reason=self._say("reopened"))
        self._go(fortune.about(self.dice, target * 0.3))
        self._hand_over()
        self._wait_of_customer(3)
        self._step("confirm", self.requester)

    # ── What may come between ────────────────────────────────────────────────

    def _ask_back(self, left: float) -> float:
        """A question to the customer, whose silence pauses the clock."""
        done = left * self.dice.uniform(0.1, 0.5)
        self._go(done)
        self._step("reply", self.agent, text=self._say("question"))
        self._step("hold", self.agent, hold=Hold("customer", pauses=True))
        self._wait_of_customer(3.5)
        self._step("ask", self.requester, text=self._say("answer"))
        self._step("resume", self.requester, by_reply=True)
        return left - done

    def _wait_for_others(self, left: float) -> float:
        done, waited = left * self.dice.uniform(0.1, 0.4), left * self.dice.uniform(0.2, 0.4)
        self._go(done)
        reason = self.dice.choice(["third_party", "third_party", "part", "other"])
        self._step("hold", self.agent, hold=Hold(reason, pauses=False), note=self._say(f"wait_{reason}"))
        self._go(waited)
        self._step("resume", self.agent)
        return left - done - waited

    def _word_between(self, left: float, *, chased: bool) -> float:
        done = left * self.dice.uniform(0.3, 0.7)
        self._go(done)
        if chased and self.dice.random() < 0.6:
            self._step("ask", self.requester, text=self._say("chase"))
            self._go(fortune.about(self.dice, 3600))
            done += 3600
        self._step("reply", self.agent, text=self._say("progress"))
        return max(left - done, 600)

    def _note(self) -> None:
        self._step("note", self.agent, text=self._say("note"))

    def _pass_on(self, left: float) -> float:
        """To another department: taken, given back, or taken and passed back like a ball."""
        company, slug = self.world.company, self.offered.row.slug
        ball = fortune.PING_PONG.get(slug)
        other = company.units[ball or self._somebody_else()]
        done = left * 0.2
        self._go(done)
        self.passed_on = True
        if not self._offer(other, taken=self.dice.random() < 0.7):
            return left - done
        if ball is None and self.dice.random() < 0.8:
            return left - done
        for _turn in range(self.dice.choice([1, 1, 3]) if ball else 1):
            self._go(done)
            before = self.supplier if self.holder is not self.supplier else other
            if not self._offer(before, taken=self.dice.random() < 0.85):
                break
        return max(left - 2 * done, 600)

    def _offer(self, other: Unit, *, taken: bool) -> bool:
        self._step("offer", self.agent, department=other, reason=self._say("handoff"))
        agent = self._agent(other)
        self.at = other.worktime.add(self.at, fortune.about(self.dice, 1.5 * HOUR))
        if taken:
            self.holder, self.agent = other, agent
            self._step("take", agent)
        else:
            self._step("give_back", agent, reason=self._say("give_back"))
        return taken

    def _somebody_else(self) -> str:
        free = {"it", "facilities", "purchasing", "finance", "people", "legal", "logistics", "quality"}
        return self.dice.choice(sorted(free - {self._slug, self.customer.row.slug}))

    def _reprioritise(self) -> None:
        case = self.case
        urgency = self.dice.choice([level for level in (1, 2, 3) if level != case.urgency])
        priority = self.world.matrices[case.supplier][urgency][case.impact]
        words = {"urgency": urgency, "impact": case.impact, "priority": priority, "reason": self._say("note")}
        if priority != case.priority:
            words["targets"] = self._targets(priority)
        self._step("reprioritise", self.agent, **words)

    # ── The rating ───────────────────────────────────────────────────────────

    def _rate(self, ended_at: datetime) -> None:
        dice, keen = self.dice, self.requester.email.partition("@")[0] in ("staff", "head", "customer-head")
        asked = 0.24 if self._slug == fortune.NEGLECTED else 0.4
        rated_at = ended_at + timedelta(hours=fortune.about(dice, 9))
        if dice.random() > (0.8 if keen else asked) or rated_at > self.world.now:
            return
        usual = self.supplier.spec["stars"] - (0.5 if self._slug == "it" and self.days_ago in fortune.OUTAGE else 0)
        overall = fortune.stars(dice, usual, late=self.late, sent_back=self.sent_back, passed_on=self.passed_on)
        self.story.rated_at, self.story.rated_id = rated_at, self.holder.row.pk
        self.story.answer = {
            "overall": overall,
            "dimensions": self._dimensions(overall),
            "effort": min(max(overall + dice.choice([-1, 0, 0, 1]), 1), 5) if dice.random() < 0.55 else None,
            "comment": self._say(f"comments_{overall}") if dice.random() < (0.35 if overall > 2 else 0.7) else "",
            "share_with_team": dice.random() < 0.6,
        }

    def _dimensions(self, overall: int) -> dict[str, int]:
        """All five, some of them, or none: people answer by halves."""
        names = ["reliability", "assurance", "tangibles", "empathy", "responsiveness"]
        chance = self.dice.random()
        asked = names if chance < 0.55 else self.dice.sample(names, self.dice.choice([1, 2, 3])) if chance < 0.8 else []
        lean = {
            "responsiveness": -0.8 if self.late else 0.1,
            "assurance": 0.3,
            "reliability": -0.6 if self.sent_back else 0,
        }
        return {
            name: min(max(round(self.dice.gauss(overall + lean.get(name, 0), 0.5)), 1), 5)
            for name in names if name in asked
        }  # fmt: skip

    # ── Tools of the telling ─────────────────────────────────────────────────

    @property
    def _slug(self) -> str:
        return self.supplier.row.slug

    def _kept(self) -> float:
        return fortune.kept_share(self._slug, self.customer.row.slug, self.supplier.spec["kept"], self.days_ago)

    def _agent(self, unit: Unit) -> Person:
        """The head seldom, all others alike."""
        return self.dice.choice(unit.agents[1:] * 3 + unit.agents[:1])

    def _go(self, seconds: float) -> None:
        """Working time of whoever holds it passes."""
        self.at = self.holder.worktime.add(self.at, max(seconds, 30.0))

    def _wait_of_customer(self, hours: float) -> None:
        self.at = self.customer.worktime.add(self.at, fortune.about(self.dice, hours * HOUR))

    def _say(self, what: str, **known: str) -> str:
        return self.world.writer.say(what, self.language, **known)

    def _step(
        self, move: str, actor: Person, *, hold: Hold | None = None, department: Unit | None = None, **words: Any
    ) -> None:
        place = department.row.pk if department else None
        self.case.steps.append(Step(move, self.at, place, actor.pk, hold, words))

    def _targets(self, priority: int) -> dict[str, Any]:
        return self.world.promises.targets(
            customer=self.customer.row.pk, supplier=self.supplier.row.pk, service=self.offered.row.pk,
            priority=priority, at=self.filed_at, calendar=self.supplier.calendar,
        )  # fmt: skip

    def _acceptance_due(self, delivered_at: datetime) -> datetime:
        return add_days(delivered_at, ACCEPTANCE_DAYS, day_rule_of(self.customer.calendar))

    def _filed(self) -> Case:
        service, spec, dice = self.offered.row, self.offered.spec, self.dice
        asks = spec.get({"ru": "ru", "zh-hans": "zh"}.get(self.language, ""))
        if not asks:
            asks, self.language = spec["asks"], "en"
        title, text = dice.choice(asks)
        levels = [(urgency, impact) for urgency, impact, _weight in spec["levels"]]
        urgency, impact = dice.choices(levels, [weight for *_level, weight in spec["levels"]])[0]
        priority = self.world.matrices[self.supplier.row.pk][urgency][impact]
        return Case(
            title=self._fill(title), description=self._fill(text), customer=self.customer.row.pk,
            supplier=self.supplier.row.pk, service=service.pk, requester=self.requester.pk, created_at=self.at,
            calendar=self.supplier.calendar, form=service.form_id, answers=self._answers(),
            urgency=urgency, impact=impact, priority=priority, need_type=service.need_type,
            customer_kind=self._customer_kind(), privacy=service.privacy,
            channel="web" if dice.random() < 0.93 else "api", targets=self._targets(priority), imported=False,
        )  # fmt: skip

    def _fill(self, text: str) -> str:
        return self.world.writer.fill(text, self.language)

    def _answers(self) -> dict[str, str]:
        found = {}
        for question in self.offered.spec["fields"]:
            kind = question.get("type", "text")
            if kind == "choice":
                found[question["key"]] = self.dice.choice(question["choices"])
            elif kind == "date":
                if question.get("required") or self.dice.random() < 0.6:
                    ahead = self.dice.randrange(2, 30)
                    day = self.at + timedelta(days=-(ahead % 5) if question["key"] == "since" else ahead)
                    found[question["key"]] = day.date().isoformat()
            elif sample := self.dice.choice(question.get("sample", [""])):
                found[question["key"]] = self._fill(sample)
        return found

    def _customer_kind(self) -> str:
        if self.customer.row.kind == DepartmentKind.PARTNER:
            return CustomerKind.PARTNER.value
        if self.requester.is_executive:
            return CustomerKind.EXECUTIVE.value
        return (CustomerKind.DEPARTMENT if self.requester in self.customer.leaders else CustomerKind.EMPLOYEE).value
