"""Everything for cron, and an old run made again."""
