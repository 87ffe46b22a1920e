"""The table of questions to questions: axes, levels in words, the measure that answers some by itself, proposals."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cscli.errors import DataError, Location, Problem
from cscli.texts import Language

EFFORTS = ("S", "M", "L")
AXES = (
    "alignment", "team", "segmentation", "playbook", "resources", "onboarding", "relationship", "outcome",
)  # fmt: skip
TOP = 4
LEVELS_IN_WORDS = (0, 2, TOP)
COLUMNS = (
    "id", "axis", "question_en", "question_ja", *(f"level{level}_{language}" for level in LEVELS_IN_WORDS for language in ("en", "ja")),
    "evidence", "needs", "effort", "proposal_en", "proposal_ja",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`words`: by column of the table. `measure`: what of the workspace answers it, with the lower edge of each level; `needs`: the question
    that comes first.
    """

    id: str
    axis: str
    words: Mapping[str, str]
    measure: str | None
    edges: tuple[float, ...]
    needs: str | None
    effort: str

    def text(self, name: str, language: Language) -> str:
        """A text of the table (`question`, `level0`, `level2`, `level4`, `proposal`); in the other language where it has none in this one."""
        other = "en" if language == "ja" else "ja"
        return self.words[f"{name}_{language}"] or self.words[f"{name}_{other}"]

    def level_of(self, value: float) -> float:
        """The level that a value of the measure comes to."""
        return float(sum(value >= edge for edge in self.edges) - 1)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """`version`: answers to one version are not mixed with those to another."""

    questions: tuple[Question, ...]
    version: str

    @property
    def axes(self) -> tuple[str, ...]:
        """Each once, in the order of the questions."""
        return tuple(dict.fromkeys(question.axis for question in self.questions))

    @property
    def ids(self) -> tuple[str, ...]:
        """Of all questions, in order."""
        return tuple(question.id for question in self.questions)


def read_questionnaire(table: str, file: str, version: str | None) -> Questionnaire:
    """The questions in `table`, a CSV with `COLUMNS`. `version`: None: that of its text. Raises DataError with every row that cannot be right."""
    rows = list(csv.DictReader(io.StringIO(table)))
    lacking = [name for name in COLUMNS if not rows or name not in rows[0]]
    if lacking:
        details: dict[str, object] = {"columns": ", ".join(lacking)}
        raise DataError(Problem("selfcheck.no_columns", where=Location(file=file), details=details))
    texts = [{name: (row.get(name) or "").strip() for name in COLUMNS} for row in rows]
    problems = list(_faults(texts, file))
    if problems:
        raise DataError(*problems)
    questions = tuple(map(_question, texts))
    return Questionnaire(questions, version or _digest(texts))


def _digest(texts: Sequence[Mapping[str, str]]) -> str:
    said = "\n".join(f"{row['id']}\t{row['question_en']}\t{row['question_ja']}" for row in texts)
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def _question(row: Mapping[str, str]) -> Question:
    measure, _, edges = row["evidence"].partition(":")
    return Question(
        id=row["id"], axis=row["axis"], words=row, measure=measure or None,
        edges=tuple(map(float, edges.split(","))) if measure else (), needs=row["needs"] or None, effort=row["effort"],
    )  # fmt: skip


def _faults(rows: Sequence[Mapping[str, str]], file: str) -> Iterator[Problem]:
    ids = [row["id"] for row in rows]
    for number, row in enumerate(rows, start=2):
        why = (
            "no_id" if not row["id"]
            else "twice" if ids.count(row["id"]) > 1
            else "effort" if row["effort"] not in EFFORTS
            else "needs" if row["needs"] and row["needs"] not in ids
            else "words" if not (row["question_en"] or row["question_ja"]) or not row["axis"]
            else "evidence" if not _is_evidence(row["evidence"])
            else None
        )  # fmt: skip
        if why:
            where = Location(file=file, line=number)
            yield Problem(f"selfcheck.question_{why}", where=where, value=row["id"] or None)


def _is_evidence(given: str) -> bool:
    """NAME:0,a,b,c,d with rising edges, one for each level; or nothing."""
    if not given:
        return True
    name, _, edges = given.partition(":")
    try:
        numbers = [float(edge) for edge in edges.split(",")]
    except ValueError:
        return False
    return bool(name) and len(numbers) == TOP + 1 and numbers == sorted(numbers)
