"""Two groups compared: what is seen, and what that does not show."""

TEXTS: dict[str, str] = {
    "comparing.caution": "Accounts that used it differ in other ways too; this does not show that it was the cause.",
    "comparing.caution_fit": "Accounts that met it differ in other ways too; this does not show that it was the cause.",
    "comparing.caution_voice": "Accounts that spoke of it differ in other ways too, and who speaks is often the one that is engaged; this does not show that it was the cause.",
    "comparing.verdict.fewer_left": "fewer left (not shown to be the cause)",
    "comparing.verdict.more_left": "more left (not shown to be the cause)",
    "comparing.verdict.no_difference_seen": "no difference seen",
    "comparing.verdict.too_few": "too few to tell",
    "label.comparing.verdict": "What is seen",
    "label.comparing.caution": "What it does not show",
}
