"""What frames the pages of help."""

TEXTS: dict[str, str] = {
    "usage.usage": "Usage:",
    "usage.example": "Example:",
    "usage.arguments": "Arguments:",
    "usage.options": "Options:",
    "usage.default": "[default: ",
    "usage.required": "[required]",
    "usage.error": "Error:",
    "usage.aborted": "Ended, as you asked.",
    "usage.at_least": "[at least {least}]",
    "usage.try": "Try '{command} -h' for help.",
    "usage.wing.commands": "Commands:",
    "usage.wing.data": "From exports to rules:",
    "usage.wing.health": "Who is healthy, and does the score hold?",
    "usage.wing.actions": "Whom to call, whom to offer more?",
    "usage.wing.team": "Who looks after whom?",
    "usage.wing.changes": "What changed?",
    "usage.wing.revenue": "What is a customer worth, what renews?",
    "usage.wing.practice": "What was promised, said, asked for?",
    "usage.wing.showing": "Show it:",
    "usage.wing.monday": "Every Monday by itself:",
}
