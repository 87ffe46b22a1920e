"""Which command helps with what a question of the self-check is about."""

from collections.abc import Mapping

from cscli.analysis.practice.questionnaire import Question

_BY_MEASURE: Mapping[str, str] = {
    "handover_complete_share": "timeline", "voice_told_share": "voice", "matched_mrr_share": "match", "owner_load_ok_share": "segment",
    "records_complete_share": "timeline", "effort_fit_share": "segment", "runs_13_weeks_share": "schedule", "fit_judged_share": "fit",
    "playbook_specific_share": "at-risk", "play_done_share": "at-risk", "content_served_arr_share": "content", "content_reach_share": "content",
    "onboarding_in_time_share": "journey", "contact_90d_arr_share": "timeline", "goals_reviewed_share": "journey", "goal_share": "journey",
    "measured_goal_arr_share": "journey", "behind_with_step_share": "journey", "due_goals_reached_share": "journey",
}  # fmt: skip
_BY_AXIS: Mapping[str, str] = {
    "team": "segment", "segmentation": "segment", "playbook": "at-risk", "resources": "content", "onboarding": "journey",
    "relationship": "timeline", "outcome": "journey",
}  # fmt: skip


def helping_command(question: Question) -> str | None:
    """The command, as it is typed; None where none does."""
    name = _BY_MEASURE.get(question.measure or "") or _BY_AXIS.get(question.axis)
    return f"cscli {name}" if name else None
