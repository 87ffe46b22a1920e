"""What the last back-test says, in a sentence for the reports that rest on the score."""

from cscli.texts import Language, paragraph, text
from cscli.workflows.book.read import rules_digest
from cscli.workflows.book.request import Request
from cscli.workspace.told import LastProof, read_proof


def last_proof(request: Request) -> LastProof | None:
    """Of the workspace of the rules; None under rules that remember nothing."""
    return read_proof(request.rules.workspace) if request.remember and request.rules.remembers else None


def say_proof(request: Request, language: Language) -> tuple[tuple[str, str], ...]:
    """The question whether the score tells who leaves and the answer of the last back-test, for About; nothing without one."""
    proof = last_proof(request)
    if proof is None:
        return ()
    values = {"as_of": proof.as_of, "first": proof.first, "last": proof.last, "left": proof.left}
    verdict = text(f"backtest.verdict.{proof.verdict}", language)
    answer = text("proof.answer", language, verdict=verdict, **values)
    if proof.auc is not None and proof.low is not None and proof.high is not None:
        numbers = {"auc": f"{proof.auc:.2f}", "low": f"{proof.low:.2f}", "high": f"{proof.high:.2f}"}
        answer = text("proof.answer_auc", language, verdict=verdict, **values, **numbers)
    if proof.digest != rules_digest(request):
        answer = paragraph(language, answer, text("proof.other_rules", language))
    return ((text("label.proof", language), answer),)


def say_band(request: Request, band: str, shown: str, language: Language) -> str | None:
    """What became of the accounts that were in a band at the dates of the last back-test; None where nobody was."""
    proof = last_proof(request)
    if proof is None or not proof.bands.get(band, (0, 0))[0]:
        return None
    accounts, left = proof.bands[band]
    return text(
        "proof.band", language, band=shown, accounts=accounts, left=left, lead=proof.lead, horizon=proof.horizon,
        first=proof.first, last=proof.last,
    )  # fmt: skip
