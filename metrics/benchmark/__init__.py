"""Departments compared like with like: the same mix of requests, small numbers pulled in, never a naked ranking."""
