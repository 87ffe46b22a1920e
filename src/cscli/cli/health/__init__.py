"""Commands that answer: who is healthy, who is not, and why?"""
