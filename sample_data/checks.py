"""What three people of the sample company answered to the self-check, in two rounds."""

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from names import OWNERS
from promises import Cells

QUESTIONS = Path(__file__).parents[1] / "src" / "cscli" / "sources" / "selfcheck_questions.csv"
VERSION = "1"
PEOPLE = (("Mizuki Tanabe", "manager"), ("Ren Asakura", "csm"), ("Daichi Moriya", "csm"))
ROLES = {"manager": "マネージャー", "csm": "CSM"}
AXES = {
    "alignment": ("Alignment", "アライメント", 1.3), "team": ("Team", "チーム", 1.8),
    "segmentation": ("Segmentation", "セグメンテーション", 2.2), "playbook": ("Playbook", "プレイブック", 1.9),
    "resources": ("Resources", "リソース", 2.0), "onboarding": ("Onboarding", "オンボーディング", 2.4),
    "relationship": ("Relationship", "リレーション", 1.9), "outcome": ("Outcome", "アウトカム", 1.7),
}  # fmt: skip
"""What people read for each, and how good it is felt to be."""
ROUNDS = {"2026H1": 0.0, "2026H2": 0.35}
"""By how much each round is better than the first, in the eyes of those who answer."""
SPLIT = "te1"
"""The manager finds it solved, the others do not."""
LATER = ("te4", "te5")
"""What the newest colleague cannot judge."""


def list_checks(language: str, rng: np.random.Generator) -> Mapping[str, list[Cells]]:
    """A row a question, by ROUND/NAME.vVERSION."""
    with QUESTIONS.open(encoding="utf-8-sig", newline="") as file:
        questions = list(csv.DictReader(file))
    books: dict[str, list[Cells]] = {}
    for round_name, gain in ROUNDS.items():
        for name, role in PEOPLE:
            draws = rng.normal(0, 0.6, len(questions)).tolist()
            bias = 0.4 if role == "manager" else 0.0
            rows = zip(questions, draws, strict=True)
            shown = OWNERS[name] if language == "ja" else name
            books[f"{round_name}/{name}.v{VERSION}"] = [
                _answer(question, bias + gain + draw, (name, shown, role), language)
                for question, draw in rows
            ]
    return books


def _answer(question: Mapping[str, str], shift: float, who: tuple[str, str, str], language: str) -> Cells:
    name, shown, role = who
    is_ja = language == "ja"
    en, ja, felt = AXES[question["axis"]]
    level: int | None = int(np.clip(round(felt + shift), 0, 4))
    if question["id"] == SPLIT:
        level = 4 if role == "manager" else 0 if name == PEOPLE[1][0] else 1
    if question["id"] in LATER and name == PEOPLE[2][0]:
        level = None
    return {
        "question_id": question["id"], "axis": ja if is_ja else en, "question": question[f"question_{language}"],
        **{f"level_{each}": question[f"level{each}_{language}"] for each in (0, 2, 4)},
        "level": level, "evidence_note": None, "respondent": shown, "role": ROLES[role] if is_ja else role, "version": VERSION,
    }  # fmt: skip
