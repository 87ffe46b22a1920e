"""Commands that answer: whom do we call, what do we do, what is at stake?"""
