"""Words that mean yes, and words that mean no."""

TRUE_WORDS = frozenset({"true", "yes", "y", "1", "はい", "有", "あり", "○", "◯"})
FALSE_WORDS = frozenset({"false", "no", "n", "0", "いいえ", "無", "なし", "×"})
