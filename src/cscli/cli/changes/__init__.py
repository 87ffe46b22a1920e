"""Commands that answer: what changed, and why?"""
