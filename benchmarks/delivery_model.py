"""The reference model of deliveries: which files of a centre count, in plain Python, without files or a database.

It is written from the rules in docs/explanation/deliveries.md, not from the code, and is only ever compared with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Version = tuple[int, int]
Claims = frozenset[tuple[str, Version]]
Question = tuple[str, frozenset[str]]


@dataclass(frozen=True, order=True)
class Name:
    """A file name and what it declares: the file map, the export day, the correction, the part, how many parts."""

    text: str
    file: int
    exported: int
    correction: int = 0
    part: int | None = None
    parts: int | None = None
    is_full: bool = False

    @property
    def version(self) -> Version:
        """What orders the exports of one file map."""
        return self.exported, self.correction

    @property
    def number(self) -> int:
        """Its part; a name without one is the first."""
        return 1 if self.part is None else self.part


@dataclass(frozen=True)
class Answer:
    """What a person said of a question; of ambiguous data one is chosen."""

    is_approved: bool
    claims: Claims
    chosen: str | None = None

    def puts_out(self, code: str, data: str, version: Version) -> bool:
        """True when this data no longer counts where a name claims this version."""
        is_loser = not self.is_approved or (code == "ambiguous_version" and data != self.chosen)
        return is_loser and (data, version) in self.claims


@dataclass(frozen=True, kw_only=True)
class State:
    """The data in use, each with its file map and version, in reading order; the open questions with their claims."""

    in_use: tuple[tuple[int, Version, str], ...]
    questions: Mapping[Question, Claims]
    is_waiting: bool

    @property
    def is_settled(self) -> bool:
        """True when nothing is asked and nothing is waited for."""
        return not self.questions and not self.is_waiting


Export = dict[Name, str]


@dataclass(kw_only=True)
class Model:
    """One centre. `modes[i]` is `full` or `incremental` for file map i."""

    modes: tuple[str, ...]
    held: dict[Name, list[str]] = field(default_factory=dict)
    answers: dict[Question, Answer] = field(default_factory=dict)
    settled: tuple[tuple[int, Version, str], ...] = ()

    def run(self, files: Mapping[Name, str], waiting: Iterable[Name] = ()) -> State:
        """One look into the inbox; without a question, what counts is what is settled from now on."""
        for name, data in files.items():
            if self.held.setdefault(name, [])[-1:] != [data]:
                self.held[name].append(data)
        state = self.state(waiting)
        if state.is_settled:
            self.settled = state.in_use
        return state

    def state(self, waiting: Iterable[Name] = ()) -> State:
        """What counts, from all that was ever seen and decided."""
        offers = self._one_place({name: data for name in sorted(self.held) if (data := self._offer(name))})
        plans = [_Plan(self, file) for file in range(len(self.modes))]
        for version in sorted({name.version for name in offers}):
            for file, plan in enumerate(plans):
                plan.consider({n: d for n, d in offers.items() if (n.file, n.version) == (file, version)})
        questions = {question: claims for plan in plans for question, claims in plan.questions.items()}
        used = [(file, export) for file, plan in enumerate(plans) for export in plan.used]
        for data in {data for _, export in used for data in export.values()}:
            places = [(file, name) for file, export in used for name, held in export.items() if held == data]
            if len({file for file, _ in places}) > 1:
                key = "two_places", frozenset({data})
                questions[key] = frozenset((data, name.version) for _, name in places)
        return State(
            in_use=_reading_order(used),
            questions=questions,
            is_waiting=any(not plans[name.file].is_past(name.version) for name in waiting),
        )

    def replaces(self, export: Export) -> bool:
        """True when nothing older counts beside this export."""
        return all(self.modes[name.file] == "full" or name.is_full for name in export)

    def _offer(self, name: Name) -> str | None:
        """What a name holds: the last that was seen under it and that no answer put out."""
        for data in reversed(self.held[name]):
            if not any(a.puts_out(code, data, name.version) for (code, _), a in self.answers.items()):
                return data
        return None

    def _one_place(self, offers: Export) -> Export:
        """The offers without those of data in two file maps that an answer keeps in the first, or nowhere."""
        kept = {}
        for name, data in offers.items():
            files = {other.file for other, held in offers.items() if held == data}
            answer = self.answers.get(("two_places", frozenset({data}))) if len(files) > 1 else None
            if answer is None or (answer.is_approved and name.file == min(files)):
                kept[name] = data
        return kept


def _claims(export: Export) -> Claims:
    return frozenset((data, name.version) for name, data in export.items())


def _numbers(export: Export) -> set[int]:
    """The parts that are there; the same data under two numbers is one part, the first."""
    return {min(n.number for n, held in export.items() if held == data) for data in export.values()}


def _reading_order(used: list[tuple[int, Export]]) -> tuple[tuple[int, Version, str], ...]:
    """Each data once, at its greatest version."""
    latest: dict[tuple[int, str], tuple[Version, int]] = {}
    for file, export in used:
        for name, data in sorted(export.items(), key=lambda item: (item[0].number, item[0].text)):
            if latest.get((file, data), ((-1, -1), 0))[0] < name.version:
                latest[file, data] = name.version, name.part or 0
    rows = [(file, version, part, data) for (file, data), (version, part) in latest.items()]
    return tuple((file, version, data) for file, version, _, data in sorted(rows))


@dataclass
class _Plan:
    """What is used of one file map and what is asked, its exports being considered from the oldest."""

    model: Model
    file: int
    used: list[Export] = field(default_factory=list)
    questions: dict[Question, Claims] = field(default_factory=dict)
    parts_before: int = 0

    def consider(self, sent: Export) -> None:
        """The next export by version."""
        export, ties = self._untied(sent)
        self.questions |= ties
        if ties or not export:
            return
        code = self._shortage(export)
        key = code, frozenset(export.values())
        answer = self.model.answers.get(key)
        if not code or (answer and answer.is_approved):
            self._use(export)
        elif answer is None:
            self.questions = {key: _claims(export), **({} if code == "fewer_parts" else self.questions)}

    def is_past(self, version: Version) -> bool:
        """True when what is used makes anything of that version indifferent."""
        if not self.used or not self.model.replaces(self.used[0]):
            return False
        return version < min(name.version for name in self.used[0])

    def _use(self, export: Export) -> None:
        if self.model.replaces(export):
            self.used, self.questions, self.parts_before = [], {}, len(_numbers(export))
        self.used.append(export)

    def _untied(self, sent: Export) -> tuple[Export, dict[Question, Claims]]:
        kept: Export = {}
        ties: dict[Question, Claims] = {}
        for number in sorted({name.number for name in sent}):
            rivals = {name: data for name, data in sent.items() if name.number == number}
            key = "ambiguous_version", frozenset(rivals.values())
            answer = self.model.answers.get(key)
            if len(key[1]) == 1:
                kept |= rivals
            elif answer is None:
                ties[key] = _claims(rivals)
            elif answer.is_approved:
                kept |= {name: data for name, data in rivals.items() if data == answer.chosen}
        return kept, ties

    def _shortage(self, export: Export) -> str:
        there = _numbers(export)
        declared = max(name.parts or 0 for name in export)
        if not set(range(1, max(declared, *there) + 1)) <= there:
            return "incomplete_parts"
        in_use = {(data, version) for _, version, data in self.model.settled}
        is_fewer = not declared and self.model.replaces(export) and len(there) < self.parts_before
        return "fewer_parts" if is_fewer and not _claims(export) <= in_use else ""
