"""Two groups compared: what is seen, and what that does not show."""

TEXTS: dict[str, str] = {
    "comparing.caution": "利用した顧客は他の点でも異なるため、これが原因とは限りません。",
    "comparing.caution_fit": "条件を満たした顧客は他の点でも異なるため、これが原因とは限りません。",
    "comparing.caution_voice": "声を寄せた顧客は他の点でも異なり、熱心な顧客であることも多いため、これが原因とは限りません。",
    "comparing.verdict.fewer_left": "解約が少ない（原因とは限りません）",
    "comparing.verdict.more_left": "解約が多い（原因とは限りません）",
    "comparing.verdict.no_difference_seen": "差は確認できません",
    "comparing.verdict.too_few": "件数不足で判断できません",
    "label.comparing.verdict": "確認できたこと",
    "label.comparing.caution": "注意",
}
