"""Commands that answer: what is a customer worth, do we keep and grow revenue?"""
