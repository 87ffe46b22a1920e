"""Commands that answer: who gets which treatment, and do we have the hours?"""
