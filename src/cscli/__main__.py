"""`python -m cscli` is the command `cscli`."""

from cscli.cli import main

if __name__ == "__main__":
    main()
