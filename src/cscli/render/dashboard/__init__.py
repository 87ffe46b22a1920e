"""The dashboard as one file: template, style and scripts, joined without anything from outside."""
