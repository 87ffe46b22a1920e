"""Ids of one system to ids of another."""
